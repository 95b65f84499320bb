using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Islands;

/// <summary>How an old data centre was bought. Peak: each system's own busiest five minutes and a reserve; flavour: what each was promised; server: one for each system.</summary>
internal enum Rule { Peak, Flavour, Server }

/// <summary>
/// Buys the servers of one old data centre. Nobody there shares: each system's part of a server is reserved for it, processor and memory whole,
/// large systems first, and one server in ten, at least one, stands by. The use that follows is arithmetic, not a setting.
/// </summary>
internal static class Sizing
{
    private const double Reserve = 1.3;
    private const int StandByOneIn = 10;

    /// <returns>The servers, and for each VM of <paramref name="vms"/> the number of its server.</returns>
    public static (List<HostShape> Servers, Dictionary<int, int> On) Buy(Trace trace, IReadOnlyList<int> vms, Rule rule)
    {
        var (servers, left, on) = (new List<HostShape>(), new List<(double Mips, double Ram)>(), new Dictionary<int, int>());
        foreach (var vm in vms.OrderByDescending(v => trace.Vms[v].RamMb).ThenBy(v => v))
        {
            var (mips, ram) = (Wants(trace, vm, rule), trace.Vms[vm].RamMb);
            var at = rule == Rule.Server ? -1 : left.FindIndex(l => l.Mips >= mips && l.Ram >= ram);
            if (at < 0)
            {
                at = servers.Count;
                Add();
                if (left[at].Ram < ram || left[at].Mips < mips) throw new WrongUse($"VM {trace.Vms[vm].Name} fits on no old server: it wants {ram:F0} MB and {mips:F0} MIPS");
            }
            left[at] = (left[at].Mips - mips, left[at].Ram - ram);
            on[vm] = at;
        }
        for (var spare = rule == Rule.Server ? 0 : (servers.Count + StandByOneIn - 1) / StandByOneIn; spare > 0; spare--) Add();
        return (servers, on);

        void Add() // the two kinds in turn, as in the benchmark
        {
            servers.Add(servers.Count % 2 == 0 ? Estates.SmallG4 : Estates.SmallG5);
            left.Add((servers[^1].Mips, servers[^1].RamMb));
        }
    }

    private static double Wants(Trace trace, int vm, Rule rule) => rule == Rule.Flavour ? trace.Vms[vm].Mips
        : Math.Min(trace.Vms[vm].Mips, trace.Samples[vm].Max() / 100.0 * trace.Vms[vm].Mips * Reserve);
}
