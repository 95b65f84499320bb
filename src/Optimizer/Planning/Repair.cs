using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// Takes VMs from hosts that are short or may be soon: each time what lowers the risk of the estate most for its price. A host that is short stays so
/// until the largest VM of those that leave has left, so several small ones may be better than a large one.
/// </summary>
internal sealed class Repair(State state, Draft draft, Tuning tuning)
{
    private const int MovesOfHost = 6, Together = 4;

    public void Run(ref int budget)
    {
        foreach (var host in draft.Active.Where(Needed).OrderByDescending(draft.Score).ToList())
        {
            var leaving = 0.0; // MB of the largest
            for (var i = 0; i < MovesOfHost && budget > 0 && Needed(host) && draft.On[host].Count > 1;)
            {
                var moves = Best(host, leaving, Math.Min(budget, MovesOfHost - i));
                if (moves.Count == 0) break;
                foreach (var (vm, to) in moves) draft.Move(vm, to);
                leaving = Math.Max(leaving, moves.Max(m => state.Vms[m.Vm].WorkingMb));
                (i, budget) = (i + moves.Count, budget - moves.Count);
            }
        }
    }

    private bool Needed(int host) => draft.Soon(host) > tuning.Repair || draft.Short(host, 0) > 0;

    private List<(int Vm, int To)> Best(int host, double leaving, int most)
    {
        List<(int Vm, int To)> best = [];
        var waits = draft.Short(host, 0) > 0 && tuning.Waits > 0;
        var (gain, now) = (waits ? -1.0 : 0, draft.Score(host)); // who is short must be helped, whatever it costs
        foreach (var vm in draft.On[host])
        {
            var relief = now - draft.ScoreWithout(vm, host) - draft.Cost(vm) - (waits ? draft.Price(tuning.Waits, state.Vms[vm].WorkingMb - leaving) : 0);
            if (relief <= gain || Target(vm, host, relief - gain) is not (>= 0 and var to, var adds)) continue;
            (gain, best) = (relief - adds, [(vm, to)]);
        }
        foreach (var size in waits ? draft.On[host].Select(vm => state.Vms[vm].WorkingMb).Distinct().ToList() : [])
        {
            var (net, moves) = Several(host, size, leaving, most);
            if (moves.Count > 1 && net > gain) (gain, best) = (net, moves);
        }
        if (best.Count > 0) return best;
        var wake = Spare.Host(state, draft);
        if (wake < 0) return [];
        var able = draft.On[host].Where(vm => draft.May(vm, wake)).ToList();
        return able.Count == 0 ? [] : [(able.MinBy(vm => draft.ScoreWithout(vm, host)), wake)];
    }

    /// <summary>The active host that the VM adds least to, if that is below a limit; else -1.</summary>
    private (int To, double Adds) Target(int vm, int host, double below)
    {
        var best = -1;
        foreach (var to in draft.Active)
        {
            if (to == host || !draft.Fits(vm, to)) continue;
            var adds = draft.ScoreWith(vm, to) - draft.Score(to) + draft.Disturbance(vm, to);
            if (adds < below && draft.SoonWith(vm, to) <= tuning.Repair / 2) (below, best) = (adds, to);
        }
        return (best, below);
    }

    /// <summary>The busiest VMs of no more than a size, until the host is not short any more. Tried on the draft and taken back.</summary>
    private (double Net, List<(int Vm, int To)> Moves) Several(int host, double size, double leaving, int most)
    {
        var moves = new List<(int Vm, int To)>();
        var net = draft.Score(host) - draft.Price(tuning.Waits, size - leaving);
        foreach (var vm in draft.On[host].Where(vm => state.Vms[vm].WorkingMb <= size && state.HostOf[vm] == host).OrderByDescending(draft.Busy).Take(Math.Min(most, Together)).ToList())
        {
            if (draft.Short(host, 0) == 0) break;
            if (Target(vm, host, double.MaxValue) is not (>= 0 and var to, var adds)) continue;
            net -= adds + draft.Cost(vm);
            draft.Move(vm, to);
            moves.Add((vm, to));
        }
        net = draft.Short(host, 0) > 0 ? double.MinValue : net - draft.Score(host);
        foreach (var (vm, _) in moves) draft.Move(vm, host);
        return (net, moves);
    }
}
