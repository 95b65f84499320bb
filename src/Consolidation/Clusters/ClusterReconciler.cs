using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Clusters;

/// <summary>Keeps a cluster's overcommit ratios as its policy says, also on hosts that join, and plans by itself as often as the policy says.</summary>
internal sealed class ClusterReconciler(Database database, PolicyStore policies, PlanMaker maker, PlanBook book) : IReconciler
{
    private static readonly TimeSpan Busy = TimeSpan.FromMinutes(1);

    public string Kind => ConsolidationModule.ClusterWork;

    public async Task<IReadOnlyList<string>> Keys(Query q) => [.. (await policies.All(q)).Keys];

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        await database.Write(Actor.System, tx => policies.Enforce(tx, id), ct);
        var (policy, last, going, now) = await database.Read(async q => (await policies.Of(q, id), await q.Db<ConsolidationDb>().Rounds.Where(r => r.Cluster == id).Select(r => r.At).SingleOrDefaultAsync(ct), await PlanBook.Going(q, id, ""), q.Now), ct);
        if (policy.Aim == Policy.None || policy.PlanEveryMinutes == 0) return Next.Done;
        var left = last + policy.PlanEveryMinutes * 60_000L - now;
        if (left > 0) return Next.In(TimeSpan.FromMilliseconds(left));
        if (going) return Next.In(Busy);
        var proposal = await maker.Make(id, policy, policy.Aim, "period", ct);
        await database.Write(Actor.System, async tx =>
        {
            var db = tx.Db<ConsolidationDb>();
            var nothing = PlanBook.Nothing(proposal);
            foreach (var old in nothing ? [] : await Overtaken(tx, id)) await book.Stop(tx, old, "policy", "A newer plan was made.");
            var row = nothing ? null : await book.Add(tx, proposal, policy, "consolidation_plan.make");
            await db.Rounds.Where(r => r.Cluster == id).ExecuteDeleteAsync();
            db.Add(new RoundRow { Cluster = id, At = tx.Now, Words = row is null ? "nothing to gain" : row.ApprovedAt is null ? "waits for approval" : "approved by the rule" });
        }, ct);
        return Next.In(TimeSpan.FromMinutes(policy.PlanEveryMinutes));
    }

    /// <summary>Drafts that were made by themselves and that nobody approved.</summary>
    private static async Task<List<PlanRow>> Overtaken(Tx tx, string cluster) =>
        [.. (await PlanState.Where(tx.Db<ConsolidationDb>(), PlanState.Draft).Where(p => p.Cluster == cluster && p.Kind == PlanKinds.Plan).ToListAsync()).Where(p => p.MadeBy == Actor.System.UserName)];

    public static async Task<IReadOnlyList<string>> Of(IHosts hosts, Query q, string hostId) => await hosts.Find(q, hostId) is { } host ? [host.Zone] : [];
}
