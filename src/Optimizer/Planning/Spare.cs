using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Planning;

internal static class Spare
{
    /// <summary>The empty host that gives most for its power; -1 when none is left.</summary>
    public static int Host(State state, Draft draft)
    {
        var (best, worth) = (-1, 0.0);
        for (var host = 0; host < state.Hosts.Count; host++)
        {
            if (draft.On[host].Count > 0 || state.Limits.Closed.Contains(host)) continue;
            var gives = state.Hosts[host].Mips / state.Hosts[host].WattsAt(1);
            if (gives > worth) (best, worth) = (host, gives);
        }
        return best;
    }
}
