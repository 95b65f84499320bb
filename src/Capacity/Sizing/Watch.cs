using System.Text.Json.Nodes;
using Xiangyun.Capacity.Settings;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Capacity.Sizing;

/// <summary>What was measured since a resize.</summary>
/// <param name="Fives">Five-minute means that are known.</param>
internal sealed record Watched(int Fives, double CpuP95, double? MemoryP95, double? Wait, double? Faults)
{
    /// <summary>null while everything is within the limits, or too little is known.</summary>
    public string? Regressed(Policy policy)
    {
        if (Fives < policy.WatchLeast) return null;
        if (CpuP95 >= policy.CpuFull) return $"CPU use {CpuP95:0.#} % (p95 since the resize), limit {policy.CpuFull:0.#} %";
        if (Wait >= policy.WaitHigh) return $"CPU wait {Wait:0.#} % of its processors' time, limit {policy.WaitHigh:0.#} %";
        if (MemoryP95 >= policy.MemoryFull) return $"memory {MemoryP95:0.#} % (p95 since the resize), limit {policy.MemoryFull:0.#} %";
        if (Faults >= policy.FaultsHigh && MemoryP95 >= policy.CpuTarget) return $"{Faults:0.#} major faults a second, limit {policy.FaultsHigh:0.#}";
        return null;
    }

    public JsonObject Wire() => new() { ["five_minutes"] = Fives, ["cpu_p95"] = Math.Round(CpuP95, 1), ["memory_p95"] = MemoryP95 is { } m ? Math.Round(m, 1) : null, ["wait"] = Wait is { } w ? Math.Round(w, 2) : null, ["major_faults_s"] = Faults };

    /// <param name="day">The day's five-minute means.</param>
    /// <param name="since">Milliseconds since 1970: the five minutes in which the resize ended belong to before and after and are judged only if nothing else is there.</param>
    public static Watched Of(IReadOnlyList<UsePoint> day, UseNow? now, long since)
    {
        const long five = 300_000;
        var after = day.Where(p => p.At >= since / five * five && p.CpuPercent is not null).ToList();
        if (after.Count > 1) after.RemoveAll(p => p.At < since);
        var fresh = now is not null && now.At >= since ? now : null;
        var memory = after.Where(p => p.MemoryPercent is not null).Select(p => p.MemoryPercent!.Value).Order().ToList();
        return new Watched(after.Count, P95([.. after.Select(p => p.CpuPercent!.Value).Order()]), memory.Count == 0 ? null : P95(memory), fresh is { CpuWait: { } wait, Vcpus: > 0 } ? 100 * wait / fresh.Vcpus : null, fresh?.MajorFaults);
    }

    private static double P95(IReadOnlyList<double> sorted) => sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(0.95 * sorted.Count) - 1, 0, sorted.Count - 1)];
}
