using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>Empties hosts, the least loaded first, as long as those that remain keep within the mean risk that is allowed.</summary>
internal sealed class Drain(State state, Draft draft, Tuning tuning)
{
    private const int Tries = 3;

    public void Run(ref int budget)
    {
        var failed = 0;
        var kept = new HashSet<int>();
        var soon = draft.Active.Sum(draft.Soon);
        while (failed < Tries && draft.Active.Count > 1)
        {
            var host = draft.Active.Where(h => !kept.Contains(h) && draft.MayEmpty(h)).OrderBy(Worth).FirstOrDefault(-1);
            if (host < 0) return;
            var cost = draft.On[host].Count(vm => state.HostOf[vm] == host); // what came in this plan moves once all the same
            if (cost > budget) return;
            if (Empty(host, ref soon)) budget -= cost;
            else failed++;
            kept.Add(host);
        }
    }

    /// <summary>Where moves are dear the host whose VMs are cheapest to move comes first.</summary>
    private double Worth(int host) => tuning.Disturbs > 0 ? draft.On[host].Sum(draft.Dear) : draft.Mean(host) / state.Hosts[host].WattsAt(1);

    private bool Empty(int host, ref double soon)
    {
        var before = soon;
        var moved = new List<int>();
        var left = draft.Active.Count - 1;
        soon -= draft.Soon(host);
        foreach (var vm in draft.On[host].OrderByDescending(v => draft.Next(v).Variance).ToList())
        {
            var (best, least) = (-1, double.MaxValue);
            foreach (var to in draft.Active)
            {
                if (to == host || !draft.Fits(vm, to) || draft.Mean(to) + draft.Next(vm).Mean > state.Hosts[to].Mips) continue;
                var adds = draft.ScoreWith(vm, to) - draft.Score(to) + draft.Disturbance(vm, to);
                if (adds < least && (!draft.Troubles || Allowed(draft.SoonWith(vm, to), soon - draft.Soon(to), left))) (best, least) = (to, adds);
            }
            if (best >= 0)
            {
                var risk = draft.SoonWith(vm, best);
                soon -= draft.Soon(best);
                if (!Allowed(risk, soon, left)) best = -1;
                soon += risk;
            }
            if (best < 0)
            {
                foreach (var back in moved) draft.Move(back, host);
                soon = before;
                return false;
            }
            draft.Move(vm, best);
            moved.Add(vm);
        }
        return true;
    }

    private bool Allowed(double risk, double others, int hosts) => risk <= tuning.Repair / 2 && others + risk <= tuning.MeanSoon * hosts;
}
