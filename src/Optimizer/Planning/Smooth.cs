using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// Spends spare moves where one lowers the risk of the estate most, so that the same demand fits on fewer hosts. When all hosts together
/// risk more than is allowed, one is woken and takes the VMs that relieve most.
/// </summary>
internal sealed class Smooth(State state, Draft draft, Tuning tuning)
{
    private const int Considered = 6, Filling = 16;

    public void Run(ref int budget)
    {
        if (draft.Active.Count == 0 || draft.Active.Average(draft.Soon) <= tuning.MeanSoon / 2) return; // moves are better saved for draining
        for (var left = (int)Math.Ceiling(budget * tuning.Spend); left > 0 && budget > 0; left--, budget--)
            if (!Step(-1)) break;
        var allowed = tuning.MeanSoon * tuning.WakeAt;
        if (draft.Active.Average(draft.Soon) <= allowed) return;
        var woken = Spare.Host(state, draft);
        for (var left = Filling; woken >= 0 && left > 0 && budget > 0; left--, budget--)
            if (!Step(woken) || draft.Active.Average(draft.Soon) <= tuning.MeanSoon * 0.8) break;
    }

    private bool Step(int woken)
    {
        var (gain, move) = (0.0, (Vm: -1, To: -1));
        foreach (var host in draft.Active.Where(h => h != woken && draft.On[h].Count > 1).OrderByDescending(draft.Score).Take(Considered).ToList())
        {
            var now = draft.Score(host);
            foreach (var vm in draft.On[host])
            {
                var relief = now - draft.ScoreWithout(vm, host) - draft.Cost(vm);
                if (relief <= gain) continue;
                if (woken >= 0) Try(vm, woken, relief);
                else foreach (var to in draft.Active) if (to != host) Try(vm, to, relief);
            }
        }
        if (move.Vm < 0) return false;
        draft.Move(move.Vm, move.To);
        return true;

        void Try(int vm, int to, double relief)
        {
            if (!draft.Fits(vm, to)) return;
            var net = relief - (draft.ScoreWith(vm, to) - draft.Score(to)) - draft.Disturbance(vm, to);
            if (net > gain) (gain, move) = (net, (vm, to));
        }
    }
}
