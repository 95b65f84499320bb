using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>Asks the planner (the one that replay uses) and turns its numbers into servers and hosts. It writes nothing.</summary>
internal sealed class PlanMaker(EstateReader reader)
{
    /// <summary>So many hosts of a plan may go off; the next plan takes more.</summary>
    private const int MostOff = 200;

    public async Task<Proposal> Make(string cluster, Policy policy, string aim, string trigger, CancellationToken ct) =>
        Of(await reader.Read(cluster, policy, ct), policy, aim, PlanKinds.Plan, trigger);

    /// <summary>Pure but for the reading before.</summary>
    public static Proposal Of(Estate estate, Policy policy, string aim, string kind, string trigger, IReadOnlyList<(Move Move, string Why)>? first = null)
    {
        var state = estate.State with { HostOf = After(estate.State.HostOf, (first ?? []).Select(f => f.Move)) };
        var tuning = Tuning.Named(kind == PlanKinds.Rescue ? "relieve" : aim)!;
        var paced = estate.Shortage.After(tuning, InUse(state.HostOf).Count);
        var plan = Planner.Make(state, estate.Profiles, paced, Math.Max(0, policy.Budget.MostMoves - (first?.Count ?? 0)));
        var (inOrder, leftOut) = Steps.Of(estate.State, [.. (first ?? []).Select(f => f.Move), .. plan.Moves.Where(m => (first ?? []).All(f => f.Move.Vm != m.Vm))]);
        var after = After(estate.State.HostOf, inOrder);
        var (before, then) = (InUse(estate.State.HostOf), InUse(after));
        var on = then.Where(h => Power.IsOff(estate.Hosts[h])).Select(h => estate.Hosts[h]).ToList();
        var off = policy.PowerOff && kind == PlanKinds.Plan ? Off(estate, policy, after, then) : [];
        var stays = estate.Stays.Values.Concat(leftOut.Select(_ => "it could only be moved by way of a third host")).GroupBy(Reason).Select(g => (g.Key, g.Count())).OrderByDescending(g => g.Item2).ToList();
        return new Proposal
        {
            Kind = kind, Cluster = estate.Cluster, Aim = aim, Trigger = trigger, On = on, Off = off, Evidence = estate.Evidence with { Shortage = estate.Shortage.Told(tuning, paced) }, Stays = stays, Picture = Picture.Of(estate, after),
            Moves = [.. inOrder.Select(m => new ProposedMove(estate.Servers[m.Vm], estate.Hosts[m.From], estate.Hosts[m.To], first?.FirstOrDefault(f => f.Move == m).Why))],
            Gain = new Gain(before.Count, then.Count, Lit(estate, before, []), Lit(estate, then, off), Draw(estate, estate.State.HostOf, []), Draw(estate, after, off), Use(estate, before), Use(estate, then), Percent(plan.RiskBefore), Percent(plan.RiskAfter)),
        };
    }

    private static int[] After(IReadOnlyList<int> hostOf, IEnumerable<Move> moves)
    {
        var after = hostOf.ToArray();
        foreach (var move in moves) after[move.Vm] = move.To;
        return after;
    }

    /// <summary>Reasons are counted by what they have in common: without names of hosts and groups.</summary>
    private static string Reason(string words) => words.StartsWith("its disk is a file", StringComparison.Ordinal) ? "its host lets no guest go that runs (its agent has no --address)"
        : words.StartsWith("it has volumes", StringComparison.Ordinal) ? "it has volumes, and those are files on its host" : words;

    private static HashSet<int> InUse(IReadOnlyList<int> hostOf) => [.. hostOf];

    /// <summary>Hosts that are empty afterwards, one by one, the hungriest first, as long as the reserve stands without them.</summary>
    private static List<HostView> Off(Estate estate, Policy policy, int[] after, HashSet<int> inUse)
    {
        var (off, failures, standing) = (new List<HostView>(), Math.Max(1, policy.ReserveHosts), estate.Standing(after)); // Fleet keeps N+1 whatever the policy says
        var staying = estate.Hosts.Index().Where(h => h.Item.Enabled && (!Power.IsOff(h.Item) || inUse.Contains(h.Index))).Select(h => h.Index).ToHashSet();
        foreach (var (i, host) in estate.Hosts.Index().Where(h => !inUse.Contains(h.Index) && !Power.IsOff(h.Item)).OrderByDescending(h => estate.State.Hosts[h.Index].WattsAt(0)).ThenByDescending(h => h.Item.Name, StringComparer.Ordinal).Take(MostOff))
        {
            var rest = staying.Where(s => s != i).Select(s => standing[s]).ToList();
            if (rest.Count <= failures || !Survival.Holds(rest, failures)) continue;
            staying.Remove(i);
            off.Add(host);
        }
        return off;
    }

    private static int Lit(Estate estate, HashSet<int> inUse, IReadOnlyList<HostView> off) => estate.Hosts.Index().Count(h => inUse.Contains(h.Index) || !Power.IsOff(h.Item) && off.All(o => o.Id != h.Item.Id));

    private static double Draw(Estate estate, IReadOnlyList<int> hostOf, IReadOnlyList<HostView> off)
    {
        var (load, used) = (Load(estate, hostOf), InUse(hostOf));
        return Math.Round(estate.Hosts.Index().Where(h => used.Contains(h.Index) || !Power.IsOff(h.Item) && off.All(o => o.Id != h.Item.Id)).Sum(h => estate.State.Hosts[h.Index].WattsAt(load[h.Index] / h.Item.Vcpus)));
    }

    private static double[] Load(Estate estate, IReadOnlyList<int> hostOf)
    {
        var load = new double[estate.Hosts.Count];
        for (var s = 0; s < hostOf.Count; s++) load[hostOf[s]] += estate.Use[s];
        return load;
    }

    /// <summary>Processors in use over those of the hosts that hold servers.</summary>
    private static double Use(Estate estate, HashSet<int> inUse) => inUse.Sum(h => estate.Hosts[h].Vcpus) is > 0 and var all ? Math.Round(100 * estate.Use.Sum() / all, 1) : 0;

    private static double Percent(double share) => Math.Round(100 * share, 3);
}
