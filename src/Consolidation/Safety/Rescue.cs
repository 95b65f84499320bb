using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Kernel;
using Xiangyun.Optimizer.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Safety;

/// <summary>
/// Relieves a host on which a promise is broken: moves of the last hour onto it go back, and the planner moves away what is still too much. The key is
/// the host. It waits for moves under way, and for the next samples after a rescue, before it does anything again.
/// </summary>
internal sealed class Rescue(Database database, PolicyStore policies, EstateReader reader, PlanBook book) : IReconciler
{
    private const long Hour = 3_600_000, Again = 90_000;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500), Later = TimeSpan.FromSeconds(30);

    public string Kind => ConsolidationModule.RescueWork;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<ConsolidationDb>().Breaches.Where(b => b.EndedAt == null).Select(b => b.HostId).Distinct().ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (open, policy, moving, draft, last) = await database.Read(async q =>
        {
            var db = q.Db<ConsolidationDb>();
            var breaches = await db.Breaches.Where(b => b.HostId == id && b.EndedAt == null).ToListAsync(ct);
            var rescues = db.Plans.Where(p => p.Kind == PlanKinds.Rescue && db.Moves.Any(m => m.PlanId == p.Id && m.FromHost == id));
            return (breaches, breaches.Count == 0 ? null : await policies.Of(q, breaches[0].Cluster), await db.Moves.AnyAsync(m => m.BegunAt != null && m.EndedAt == null && (m.FromHost == id || m.ToHost == id), ct)
                || await PlanState.Going(db).AnyAsync(p => p.Kind == PlanKinds.Rescue && db.Moves.Any(m => m.PlanId == p.Id && m.FromHost == id), ct),
                await rescues.AnyAsync(p => p.ApprovedAt == null && p.StoppedAt == null, ct), await rescues.MaxAsync(p => p.EndedAt, ct) ?? 0);
        }, ct);
        if (open.Count == 0 || policy is null) return Next.Done;
        if (moving) return Next.In(Soon);
        if (draft || last > open.Max(b => b.Since) && last + Again > await database.Read(q => Task.FromResult(q.Now), ct)) return Next.In(Later);
        var estate = await reader.Read(open[0].Cluster, policy, ct, rescue: true);
        var back = await Back(estate, id, ct);
        var proposal = PlanMaker.Of(estate, policy, policy.Aim, PlanKinds.Rescue, "guard", back) with { Why = string.Join("; ", open.Select(b => $"{b.Kind} {b.Value:F1}, promised at most {b.Slo:F1}").Distinct()) };
        return await Write(id, open, policy, proposal);
    }

    private async Task<Next> Write(string hostId, List<BreachRow> open, Policy policy, Proposal proposal)
    {
        var helps = proposal.Moves.Any(m => m.From.Id == hostId);
        await database.Write(Actor.System, async tx =>
        {
            var plan = helps ? await book.Add(tx, proposal, policy, "consolidation_plan.make") : null;
            var words = plan is null ? $"nothing can be moved away{(proposal.Stays.Count > 0 ? $": {string.Join("; ", proposal.Stays.Select(s => s.Why))}" : "")}"
                : $"rescue {plan.Id} with {proposal.Moves.Count} move(s), {(plan.ApprovedAt is null ? "waits for approval" : "approved by the policy's rule")}";
            foreach (var breach in open)
            {
                var did = breach.Did.Length == 0 || breach.Did == words ? words : breach.Did.EndsWith(words, StringComparison.Ordinal) ? breach.Did : $"{breach.Did}; {words}";
                await tx.Db<ConsolidationDb>().Breaches.Where(b => b.Id == breach.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.Did, did[..Math.Min(did.Length, 1000)]).SetProperty(b => b.PlanId, plan == null ? breach.PlanId : plan.Id));
            }
        });
        return helps ? Next.In(Soon) : Next.In(Later);
    }

    /// <summary>What plans moved onto this host within the last hour goes back where it came from.</summary>
    private async Task<IReadOnlyList<(Move, string)>> Back(Estate estate, string hostId, CancellationToken ct)
    {
        var recent = await database.Read(q =>
        {
            var (db, since) = (q.Db<ConsolidationDb>(), q.Now - Hour);
            return db.Moves.Where(m => m.ToHost == hostId && m.Outcome == MoveRow.Done && m.EndedAt > since).Join(db.Plans.Where(p => p.Kind == PlanKinds.Plan), m => m.PlanId, p => p.Id, (m, p) => m).OrderByDescending(m => m.EndedAt).ToListAsync(ct);
        }, ct);
        var (vms, hosts) = (estate.Servers.Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i), estate.Hosts.Select((h, i) => (h.Id, i)).ToDictionary(p => p.Id, p => p.i));
        return [.. recent.DistinctBy(m => m.ServerId).Where(m => vms.TryGetValue(m.ServerId, out var vm) && !estate.Stays.ContainsKey(vm) && hosts.ContainsKey(m.FromHost) && estate.State.HostOf[vm] == hosts[hostId])
            .Select(m => (new Move(vms[m.ServerId], hosts[hostId], hosts[m.FromHost]), $"undoes a move of plan {m.PlanId}"))];
    }
}
