using Xiangyun.Compute.Public;
using Xiangyun.Kernel;
using Xiangyun.Optimizer.Public;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>Folds the five-minute means that Telemetry keeps into the planner's profiles, in the order of time; the newest sample is what servers want now, waiting included. Pure.</summary>
internal static class Past
{
    private const long Five = 300_000;

    public static (Profiles Profiles, Evidence Evidence) Of(IReadOnlyList<IReadOnlyList<UsePoint>> histories, IReadOnlyList<double> use, IReadOnlyList<PlacedServer> servers)
    {
        var profiles = new Profiles(servers.Count, [.. servers.Select(s => s.ProjectId)]);
        var bySlot = histories.Select(h => h.Where(p => p.CpuPercent is not null).ToDictionary(p => p.At / Five, p => p.CpuPercent!.Value)).ToList();
        var slots = bySlot.SelectMany(h => h.Keys).ToList();
        var known = bySlot.Count(h => h.Count > 0);
        if (slots.Count == 0) return (profiles, new Evidence(null, null, 0, servers.Count, 0));
        var (last, first) = (slots.Max(), Math.Max(slots.Min(), slots.Max() - Profiles.Remembered + 1));
        for (var slot = first; slot <= last; slot++)
            profiles.Observe([.. bySlot.Select((h, i) => slot == last && h.Count > 0 ? Percent(100 * use[i] / Math.Max(1, servers[i].Vcpus)) : h.TryGetValue(slot, out var percent) ? Percent(percent) : (sbyte)-1)]);
        return (profiles, new Evidence(Clock.Seconds(first * Five), Clock.Seconds((last + 1) * Five), (int)(last - first + 1), servers.Count, known));
    }

    private static sbyte Percent(double value) => (sbyte)Math.Clamp(Math.Round(value), 0, 100);
}
