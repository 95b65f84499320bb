using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// VMs that a plan moves anyway may as well go where they fit best, now that all targets are known: it costs no further move. What that gains may empty another host.
/// </summary>
internal sealed class Settle(State state, Draft draft, Tuning tuning)
{
    private const int Rounds = 3;
    private const double Least = 1e-5;

    public void Run(Drain drain, ref int budget)
    {
        for (var round = 0; round < Rounds && (Pass() | Pass()); round++) drain.Run(ref budget);
    }

    private bool Pass()
    {
        var moved = false;
        for (var vm = 0; vm < state.HostOf.Count; vm++)
        {
            var host = draft.HostOf[vm];
            if (host < 0 || host == state.HostOf[vm] || draft.On[host].Count < 2) continue;
            var relief = draft.Score(host) - draft.ScoreWithout(vm, host);
            var (gain, best) = (Least, -1);
            foreach (var to in draft.Active)
            {
                if (to == host || to == state.HostOf[vm] || !draft.Fits(vm, to)) continue;
                var net = relief - (draft.ScoreWith(vm, to) - draft.Score(to)) - draft.Disturbance(vm, to);
                if (net > gain && draft.SoonWith(vm, to) <= Math.Max(tuning.Repair / 2, draft.Soon(host))) (gain, best) = (net, to);
            }
            if (best < 0) continue;
            draft.Move(vm, best);
            moved = true;
        }
        return moved;
    }
}
