using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// Evens out how busy hosts are expected to be, empties none, and uses empty ones too: each time the VM of the busiest host whose move lowers the
/// sum of squared shares of use most. It ends when hosts are close together or nothing helps any more.
/// </summary>
internal sealed class Balance(State state, Draft draft, Tuning tuning)
{
    private const double LeastGain = 0.0005;

    public void Run(ref int budget)
    {
        var stuck = new HashSet<int>();
        while (budget > 0)
        {
            var busiest = draft.Active.Where(h => !stuck.Contains(h) && draft.On[h].Count > 1).OrderByDescending(Use).ThenBy(h => h).FirstOrDefault(-1);
            if (busiest < 0) return;
            var (gain, move) = (LeastGain, (Vm: -1, To: -1));
            foreach (var to in Enumerable.Range(0, state.Hosts.Count).Where(h => h != busiest && Use(h) + tuning.BalancedWithin < Use(busiest)))
                foreach (var vm in draft.On[busiest])
                {
                    var evened = Gain(vm, busiest, to);
                    if (evened > gain && state.HostOf[vm] == busiest && draft.Fits(vm, to) && draft.SoonWith(vm, to) <= tuning.Repair / 2) (gain, move) = (evened, (vm, to));
                }
            if (move.Vm < 0)
            {
                stuck.Add(busiest);
                continue;
            }
            draft.Move(move.Vm, move.To);
            budget--;
        }
    }

    private double Use(int host) => draft.Mean(host) / state.Hosts[host].Mips;

    private double Gain(int vm, int from, int to)
    {
        var mean = draft.Next(vm).Mean;
        var (a, b) = (Use(from), Use(to));
        var (less, more) = (a - mean / state.Hosts[from].Mips, b + mean / state.Hosts[to].Mips);
        return a * a + b * b - less * less - more * more;
    }
}
