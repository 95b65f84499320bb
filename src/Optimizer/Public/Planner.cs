using Xiangyun.Optimizer.Planning;

namespace Xiangyun.Optimizer.Public;

/// <summary>
/// A pure function: the estate, what is known of its VMs, and a budget of moves become a plan. Replay and the running cloud call this same one.
/// </summary>
public static class Planner
{
    /// <summary>Larger estates are planned in parts side by side: a few hundred hosts already pool risk almost as well as ten thousand.</summary>
    private const int Part = 400;

    public static Plan Make(State state, Profiles profiles, Tuning tuning, int budget) =>
        state.Hosts.Count <= 2 * Part ? Whole(state, profiles, tuning, budget, null) : Parts.Make(state, profiles, tuning, budget, Part);

    /// <summary>`ids` says which VM of the profiles each VM of the state is; without it they are the same.</summary>
    internal static Plan Whole(State state, Profiles profiles, Tuning tuning, int budget, int[]? ids)
    {
        var draft = new Draft(state, profiles, tuning, ids);
        var before = draft.Active.Count == 0 ? 0 : draft.Active.Average(draft.Soon);
        var watts = Watts(state, draft);
        new Repair(state, draft, tuning).Run(ref budget);
        if (tuning.Balances) new Balance(state, draft, tuning).Run(ref budget);
        if (tuning.Empties)
        {
            var drain = new Drain(state, draft, tuning);
            drain.Run(ref budget);
            if (tuning.Settles) new Settle(state, draft, tuning).Run(drain, ref budget);
        }
        if (tuning.Empties && profiles.Step > 3) new Smooth(state, draft, tuning).Run(ref budget);
        var moves = Order.Of(state, draft);
        var occupied = new bool[state.Hosts.Count];
        foreach (var host in state.HostOf) if (host >= 0) occupied[host] = true;
        return new Plan(moves,
            [.. Enumerable.Range(0, occupied.Length).Where(h => occupied[h] && draft.On[h].Count == 0)],
            [.. Enumerable.Range(0, occupied.Length).Where(h => !occupied[h] && draft.On[h].Count > 0)],
            before, draft.Active.Count == 0 ? 0 : draft.Active.Average(draft.Soon), watts, Watts(state, draft));
    }

    private static double Watts(State state, Draft draft) => draft.Active.Sum(h => state.Hosts[h].WattsAt(draft.Mean(h) / state.Hosts[h].Mips));
}
