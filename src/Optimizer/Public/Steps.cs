using Xiangyun.Optimizer.Planning;

namespace Xiangyun.Optimizer.Public;

/// <summary>
/// An order of a plan's moves in which every single step keeps memory, bookings and groups, starting from the estate as it is. What can only be done by
/// way of a third host (two full hosts that exchange VMs) is left out: those VMs stay where they are.
/// </summary>
public static class Steps
{
    public static (IReadOnlyList<Move> InOrder, IReadOnlyList<Move> LeftOut) Of(State state, IReadOnlyList<Move> moves)
    {
        var bounds = new Bounds(state);
        var ram = new double[state.Hosts.Count];
        for (var vm = 0; vm < state.HostOf.Count; vm++) if (state.HostOf[vm] >= 0) ram[state.HostOf[vm]] += state.Vms[vm].WorkingMb;
        var (done, waiting) = (new List<Move>(), moves.ToList());
        bool Fits(Move m) => bounds.Allow(m.Vm, m.From, m.To) && (!state.RamBinds || ram[m.To] + state.Vms[m.Vm].WorkingMb <= state.Hosts[m.To].RamMb);
        while (waiting.FindIndex(Fits) is >= 0 and var next)
        {
            var move = waiting[next];
            waiting.RemoveAt(next);
            done.Add(move);
            bounds.Moved(move.Vm, move.From, move.To);
            (ram[move.From], ram[move.To]) = (ram[move.From] - state.Vms[move.Vm].WorkingMb, ram[move.To] + state.Vms[move.Vm].WorkingMb);
        }
        return (done, waiting);
    }
}
