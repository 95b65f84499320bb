using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Islands;

/// <summary>
/// One day of the way to one cloud. The systems of this wave's data centres leave for the cloud, as fast as the line of each data centre carries
/// them; among the cloud's hosts the planner of the running cloud moves as it does every day. It knows what landed, from its landing on, and at
/// midnight it forgets: the recorded day comes again, and what it remembered of it would be knowledge of the future.
/// </summary>
internal sealed class WavePolicy(OldEstate estate, int[] hostOf, IReadOnlySet<int> leaving, OwnPolicy planner) : IPolicy
{
    /// <summary>A data centre's line: 1 Gbit/s, which carries two journeys at a time.</summary>
    private const double LineSeconds = 2 * 0.9 * Traces.Trace.Seconds;
    private readonly World _cloud = new(estate.Hosts[estate.OldHosts..estate.FirstSpare], estate.Trace.Vms);

    public World World { get; private set; } = null!;

    public string Name => planner.Name;

    public int Waiting { get; private set; }

    public void Start(World world)
    {
        World = world;
        for (var vm = 0; vm < hostOf.Length; vm++) world.Put(vm, hostOf[vm]);
    }

    public IReadOnlyList<Move> Next(World world, Past past)
    {
        for (var vm = 0; vm < hostOf.Length; vm++)
        {
            var here = world.HostOf[vm] - estate.OldHosts;
            if (_cloud.HostOf[vm] == here || (here < 0 && _cloud.HostOf[vm] < 0)) continue;
            if (_cloud.HostOf[vm] >= 0) _cloud.Take(vm);
            if (here >= 0) _cloud.Put(vm, here);
        }
        List<Move> moves = [.. planner.Next(_cloud, past).Select(m => new Move(m.Vm, m.From + estate.OldHosts, m.To + estate.OldHosts))];
        moves.AddRange(Landings(world, moves));
        return moves;
    }

    private List<Move> Landings(World world, List<Move> planned)
    {
        var (ram, mips) = (new double[estate.Hosts.Length], new double[estate.Hosts.Length]);
        for (var host = estate.OldHosts; host < estate.FirstSpare; host++) foreach (var vm in world.On[host]) Take(vm, host);
        foreach (var move in planned) Take(move.Vm, move.To);
        var (line, moves) = (new double[estate.Islands], new List<Move>());
        Waiting = 0;
        foreach (var vm in leaving.Where(v => world.HostOf[v] < estate.OldHosts))
        {
            Waiting++;
            var seconds = Terms.MoveSeconds(world.Vms[vm].RamMb);
            if ((line[estate.IslandOfVm(vm)] += seconds) > LineSeconds) continue;
            // the fullest host that has room; by what it was promised, as any cloud admits: four times the processors, the memory once
            var host = Enumerable.Range(estate.OldHosts, estate.FirstSpare - estate.OldHosts)
                .Where(h => ram[h] + world.Vms[vm].RamMb <= world.Hosts[h].RamMb && mips[h] + world.Vms[vm].Mips <= world.Hosts[h].Mips * OldEstate.CpuRatio)
                .DefaultIfEmpty(-1).MaxBy(h => h < 0 ? -1 : ram[h]);
            if (host < 0) continue;
            Take(vm, host);
            moves.Add(new Move(vm, world.HostOf[vm], host));
        }
        return moves;

        void Take(int vm, int host) => (ram[host], mips[host]) = (ram[host] + world.Vms[vm].RamMb, mips[host] + world.Vms[vm].Mips);
    }
}
