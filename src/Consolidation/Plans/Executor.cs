using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Plans;

/// <summary>
/// Carries a plan out, step by step: hosts on, moves in their order, hosts off. It remembers nothing: whatever was killed, the rows say
/// which moves began and the servers say which have ended. After a stop it only waits for what is under way.
/// </summary>
internal sealed class Executor(Database database, PolicyStore policies, Movements movements, Switching switching, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500), Later = TimeSpan.FromSeconds(20);

    public string Kind => ConsolidationModule.PlanWork;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<ConsolidationDb>().Plans.Where(p => p.ApprovedAt != null && p.EndedAt == null).Select(p => p.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (plan, moves, policy) = await database.Read(async q =>
        {
            var row = await PlanBook.Find(q, id);
            return (row, await q.Db<ConsolidationDb>().Moves.Where(m => m.PlanId == id).OrderBy(m => m.Place).ToListAsync(ct), row is null ? null : await policies.Of(q, row.Cluster));
        }, ct);
        if (plan is not { ApprovedAt: not null, EndedAt: null } || policy is null) return Next.Done;
        var settled = await movements.Settle(moves, ct);
        if (settled) return Next.In(TimeSpan.Zero);
        if (PlanState.Live(plan))
        {
            if (moves.Count(m => m.Outcome == MoveRow.Failed) is var failed && failed >= policy.StopAfterFailures) return await Fail(plan, $"{failed} of its moves failed: {moves.Last(m => m.Outcome == MoveRow.Failed).Words}");
            if (plan.Kind != PlanKinds.Rescue && !Window.Open(policy, clock.GetUtcNow())) return moves.Exists(m => m.UnderWay) ? Next.In(Soon) : Next.In(Later);
            if (!await switching.On(plan, ct)) return Next.In(Soon);
            foreach (var move in moves.Where(m => m.BegunAt is null && m.EndedAt is null))
            {
                var begun = await movements.Begin(plan, move, policy, ct);
                if (begun == Begun.Refused) return await Fail(plan, $"{plan.ApprovedBy}, who approved it, no longer has the roles for it.");
                if (begun == Begun.Skipped) return Next.In(TimeSpan.Zero);
                if (begun == Begun.NotNow) return Next.In(Soon);
            }
        }
        if (moves.Exists(m => m.UnderWay) || PlanState.Live(plan) && moves.Exists(m => m.EndedAt is null)) return Next.In(Soon);
        if (PlanState.Live(plan)) await switching.Off(plan, ct);
        await End(plan, moves);
        return Next.Done;
    }

    private async Task<Next> Fail(PlanRow plan, string why)
    {
        await database.Write(Actor.System, async tx =>
        {
            await tx.Db<ConsolidationDb>().Plans.Where(p => p.Id == plan.Id && p.FailedWhy == null && p.StoppedAt == null).ExecuteUpdateAsync(s => s.SetProperty(p => p.FailedWhy, why));
            tx.Audit("consolidation_plan.fail", "consolidation_plan", plan.Id, null, new { why });
        });
        return Next.In(TimeSpan.Zero);
    }

    private Task End(PlanRow plan, List<MoveRow> moves) => database.Write(Actor.System, async tx =>
    {
        var (db, now) = (tx.Db<ConsolidationDb>(), tx.Now);
        await db.Plans.Where(p => p.Id == plan.Id && p.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(p => p.EndedAt, now));
        tx.Audit("consolidation_plan.end", "consolidation_plan", plan.Id, null, new { state = PlanState.Of(plan, true), moves = moves.Count(m => m.Outcome == MoveRow.Done) });
        if (plan is { Kind: PlanKinds.Undo, StoppedAt: null, FailedWhy: null } && moves.All(m => m.Outcome == MoveRow.Done)) await db.Plans.Where(p => p.Id == plan.ParentId).ExecuteUpdateAsync(s => s.SetProperty(p => p.UndoneAt, now));
    });
}
