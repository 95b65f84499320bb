using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Store.Idle;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Idle;

/// <summary>What was released: waits for the time in which it can be had back, and deletes what lay in no bin; what is used again meanwhile is left alone.</summary>
internal sealed class ReleaseReconciler(Database database, Neighbour neighbour, Releasing releasing, Sight sight, IDemands demands, IEnumerable<ILeftovers> leftovers, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromMinutes(10);

    public string Kind => Releasing.Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<CapacityDb>().Idle.Where(i => i.State == IdleStates.Released || i.State == IdleStates.Asked).Select(i => i.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var row = await database.Read(q => q.Db<CapacityDb>().Idle.SingleOrDefaultAsync(i => i.Id == id), ct);
        return row?.State switch { IdleStates.Asked => await Asked(row, ct), IdleStates.Released => releasing.HasBin(row) ? await Binned(row, ct) : await Waiting(row, ct), _ => Next.Done };
    }

    private async Task<Next> Asked(IdleRow row, CancellationToken ct)
    {
        var (answer, _) = await neighbour.Do(Actor.System, "xiangyun", "GET", $"/requests/{row.RequestId}", new JsonObject(), null, ct);
        var state = (string?)((JsonObject)answer.Body!)["request"]!["state"];
        if (state == "done") return await End(row, IdleStates.Gone, null, ct);
        return state is "refused" or "withdrawn" or "failed" ? await End(row, IdleStates.Open, $"The request {row.RequestId} was {state}.", ct) : Next.In(Look);
    }

    private async Task<Next> Binned(IdleRow row, CancellationToken ct)
    {
        if (await database.Read(q => releasing.Binned(q, row), ct) is not null) return Next.In(TimeSpan.FromMilliseconds(Math.Clamp(row.ReleaseAt!.Value - clock.Ms(), 1000, Patience.TotalMilliseconds)));
        return await End(row, IdleStates.Gone, null, ct);
    }

    private async Task<Next> Waiting(IdleRow row, CancellationToken ct)
    {
        if (row.ReleaseAt > clock.Ms()) return Next.In(TimeSpan.FromMilliseconds(Math.Min(row.ReleaseAt.Value - clock.Ms(), Patience.TotalMilliseconds)));
        var (still, actor, held) = await database.Read(async q =>
        {
            var unused = false;
            foreach (var module in leftovers) unused |= (await module.Of(q, row.ProjectId)).Any(l => l.Kind == row.ObjectKind && l.Id == row.ObjectId);
            return (unused, await sight.Acting(q, row.Standpoint!, row.ProjectId, "req-" + row.Id), await demands.Protection(q, row.ObjectKind, row.ObjectId) is not null || await demands.CoversDeletion(q, row.ProjectId, row.ObjectKind));
        }, ct);
        if (!still) return await End(row, IdleStates.Gone, "It is used again, or was deleted by somebody else.", ct);
        if (held) return await End(row, IdleStates.Open, "It was protected meanwhile, or its organisation wants a second person now.", ct);
        if (actor is null) return await End(row, IdleStates.Open, "Who released it no longer has the roles for it.", ct);
        try
        {
            await database.Together(async joint =>
            {
                await releasing.Delete(actor, row, ct);
                await database.Write(Actor.System, tx => Set(tx, row, IdleStates.Gone, null), ct);
                joint.Keep = true;
                return true;
            }, ct);
        }
        catch (CloudError e)
        {
            return await End(row, IdleStates.Open, e.Message, ct);
        }
        return Next.Done;
    }

    private async Task<Next> End(IdleRow row, string state, string? error, CancellationToken ct)
    {
        await database.Write(Actor.System, tx => Set(tx, row, state, error), ct);
        return Next.Done;
    }

    private static async Task Set(Tx tx, IdleRow row, string state, string? error)
    {
        await IdleSurvey.Update(tx, row, s => s.SetProperty(i => i.State, state).SetProperty(i => i.Error, error));
        tx.Audit("capacity_idle." + state, "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId, error });
    }
}
