using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Islands;

/// <summary>One system: how it is used, and what it would be given in the cloud. Per cent of what it was promised.</summary>
internal sealed record Assessed(int Vm, string Server, double LevelPct, double P95Pct, double PeakPct, double LandingMips, double LandingMb);

/// <summary>One old data centre.</summary>
internal sealed record IslandReport(int Island, string Name, int Servers, int Vms, double Kw, double UsePct, double MemoryGb, double LandingMips);

/// <summary>What is told before anything moves: of each system and of each old data centre, from the recorded samples alone.</summary>
internal static class Assessment
{
    /// <summary>Room above the 95th percentile.</summary>
    private const double Headroom = 1.3;

    public static IReadOnlyList<Assessed> Vms(OldEstate estate) => [.. Enumerable.Range(0, estate.Trace.Vms.Length).Select(vm =>
    {
        var (sorted, shape) = (estate.Trace.Samples[vm].Order().ToArray(), estate.Trace.Vms[vm]);
        var p95 = sorted[(int)Math.Ceiling(sorted.Length * 0.95) - 1];
        return new Assessed(vm, estate.Names[estate.HostOf[vm]], sorted.Average(s => (double)s), p95, sorted[^1], Math.Min(shape.Mips, shape.Mips * p95 / 100.0 * Headroom), shape.RamMb);
    })];

    public static IReadOnlyList<IslandReport> Islands(OldEstate estate, IReadOnlyList<Assessed> vms)
    {
        var load = new double[estate.OldHosts];
        foreach (var vm in vms) load[estate.HostOf[vm.Vm]] += Math.Min(estate.Trace.Vms[vm.Vm].Mips * vm.LevelPct / 100, estate.Hosts[estate.HostOf[vm.Vm]].CoreMips);
        return [.. Enumerable.Range(0, estate.Islands).Select(island =>
        {
            var servers = Enumerable.Range(0, load.Length).Where(h => estate.IslandOf[h] == island).ToList();
            var own = vms.Where(vm => estate.IslandOfVm(vm.Vm) == island).ToList();
            return new IslandReport(island, OldEstate.NameOf(island), servers.Count, own.Count,
                servers.Sum(h => estate.Hosts[h].WattsAt(load[h] / estate.Hosts[h].Mips)) / 1000, 100 * servers.Sum(h => load[h]) / servers.Sum(h => estate.Hosts[h].Mips),
                own.Sum(vm => vm.LandingMb) / 1024, own.Sum(vm => vm.LandingMips));
        })];
    }

    /// <summary>Cloud hosts that so much needs, by memory and by what systems are landed with.</summary>
    public static int HostsFor(HostShape cloud, double mips, double gb) => (int)Math.Ceiling(Math.Max(mips / cloud.Mips, gb * 1024 / cloud.RamMb));
}
