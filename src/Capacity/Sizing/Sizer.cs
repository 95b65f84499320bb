using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Settings;
using Xiangyun.Compute.Public;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Capacity.Sizing;

/// <summary>What a server needs of one kind, and why.</summary>
/// <param name="Least">At least so much.</param>
/// <param name="Why">fits, large, full, wait, pressure, unknown</param>
internal sealed record Need(double Least, string Why)
{
    public bool Short => Why is "full" or "wait" or "pressure";
}

/// <param name="Kind">down, up, or change: less of the one, more of the other.</param>
/// <param name="Saved">Hundredths of the currency for 30 days; negative = it costs more.</param>
/// <param name="Confidence">low, medium, high</param>
internal sealed record Proposal(FlavorView To, string Kind, Need Cpu, Need Memory, long Saved, string Confidence);

/// <summary>
/// Right-sizing as a pure function of what a server has, what it used, and what it could have. Processors so that the busy hours fill the target share and the
/// largest five minutes still fit; memory never below the largest that was ever used and the margin. Of the flavors that suffice, the cheapest.
/// </summary>
internal static class Sizer
{
    private const double SureDays = 21, FairDays = 10;

    /// <returns>null: nothing to advise.</returns>
    public static Proposal? Advise(ServerFacts server, UseProfile profile, IReadOnlyList<FlavorView> flavors, PriceList prices, Policy policy)
    {
        if (profile.Hours == 0 || profile.DaysKnown < policy.LeastDays || flavors.FirstOrDefault(f => f.Id == server.FlavorId) is not { } now) return null;
        var (cpu, memory) = (CpuNeed(server.Vcpus, profile, policy), MemoryNeed(server.RamMib, profile, policy));
        var best = flavors.Where(f => f.For(server.ProjectId) && f.Id != now.Id && f.ExtraSpecs == now.ExtraSpecs && f.EphemeralGib == now.EphemeralGib && f.SwapMib == now.SwapMib && f.DiskGib >= server.DiskGib
                && f.Vcpus >= cpu.Least && f.RamMib >= memory.Least)
            .MinBy(f => (Cost(f.Vcpus, f.RamMib, prices), f.DiskGib, f.Vcpus, (long)f.RamMib));
        if (best is null) return null;
        var saved = Cost(server.Vcpus, server.RamMib, prices) - Cost(best.Vcpus, best.RamMib, prices);
        if (!cpu.Short && !memory.Short && (saved <= 0 || best.DiskGib > server.DiskGib)) return null;
        var kind = best.Vcpus <= server.Vcpus && best.RamMib <= server.RamMib ? "down" : best.Vcpus >= server.Vcpus && best.RamMib >= server.RamMib ? "up" : "change";
        return new Proposal(best, kind, cpu, memory, saved, Confidence(profile));
    }

    public static Need CpuNeed(int vcpus, UseProfile p, Policy policy)
    {
        var busy = vcpus * p.P95 / policy.CpuTarget;
        var peak = vcpus * p.Peak / 100;
        var need = Math.Max(1, Math.Ceiling(Math.Round(Math.Max(busy, peak), 6)));
        if (p.P95 >= policy.CpuFull) return new Need(Math.Max(need, vcpus + 1), "full");
        if (p.WaitP95 >= policy.WaitHigh && p.P95 >= policy.CpuTarget) return new Need(Math.Max(need, vcpus + 1), "wait");
        return need < vcpus ? new Need(need, "large") : new Need(vcpus, "fits");
    }

    public static Need MemoryNeed(int mib, UseProfile p, Policy policy)
    {
        if (p.MemoryPeak is not { } peak) return new Need(mib, "unknown");
        var need = Math.Max(1, Math.Ceiling(mib * peak / 100 * (1 + policy.MemoryMargin / 100)));
        if (p.MemoryP95 >= policy.MemoryFull) return new Need(Math.Max(need, mib + 1), "full");
        var faults = p.Days.TakeLast(7).Count(d => d.FaultsS >= policy.FaultsHigh);
        if (faults >= 2 && p.MemoryP95 >= policy.CpuTarget) return new Need(Math.Max(need, mib + 1), "pressure");
        return need < mib ? new Need(need, "large") : new Need(mib, "fits");
    }

    /// <summary>A month that is known and calm is trusted more than a week of leaps.</summary>
    private static string Confidence(UseProfile p) => p.DaysKnown >= SureDays && p.Peak - p.P95 <= 25 ? "high" : p.DaysKnown >= FairDays ? "medium" : "low";

    public static long Cost(int vcpus, long mib, PriceList prices) => prices.Of("compute.cores", vcpus) + prices.Of("compute.ram", mib);
}
