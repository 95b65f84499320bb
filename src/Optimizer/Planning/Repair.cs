using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>Takes VMs from hosts that may be overloaded soon: each time the one VM and target that lower the risk of both most.</summary>
internal sealed class Repair(State state, Draft draft, Tuning tuning)
{
    private const int MovesOfHost = 6;

    public void Run(ref int budget)
    {
        foreach (var host in draft.Active.Where(Needed).OrderByDescending(draft.Score).ToList())
            for (var i = 0; i < MovesOfHost && budget > 0 && Needed(host) && draft.On[host].Count > 1; i++)
            {
                if (Best(host) is not var (vm, to)) break;
                draft.Move(vm, to);
                budget--;
            }
    }

    private bool Needed(int host) => draft.Soon(host) > tuning.Repair || draft.Short(host, 0) > 0;

    private (int Vm, int To)? Best(int host)
    {
        (int, int)? best = null;
        var (gain, now) = (0.0, draft.Score(host));
        foreach (var vm in draft.On[host])
        {
            var relief = now - draft.ScoreWithout(vm, host) - draft.Cost(vm);
            if (relief <= gain) continue;
            foreach (var to in draft.Active)
            {
                if (to == host || !draft.Fits(vm, to)) continue;
                var net = relief - (draft.ScoreWith(vm, to) - draft.Score(to));
                if (net <= gain || draft.SoonWith(vm, to) > tuning.Repair / 2) continue;
                (gain, best) = (net, (vm, to));
            }
        }
        if (best is not null) return best;
        var wake = Spare.Host(state, draft);
        if (wake < 0) return null;
        var able = draft.On[host].Where(vm => draft.May(vm, wake)).ToList();
        return able.Count == 0 ? null : (able.MinBy(vm => draft.ScoreWithout(vm, host)), wake);
    }
}
