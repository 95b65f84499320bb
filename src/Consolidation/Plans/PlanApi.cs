using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Plans;

/// <summary>/xiangyun/v1/consolidation/plans: make, look, approve exactly this one, stop, undo. Operators only.</summary>
internal sealed class PlanApi(Database database, PolicyStore policies, PlanMaker maker, PlanBook book, UndoMaker undos, IHosts hosts) : IApi
{
    private const string All = "/consolidation/plans", One = All + "/{id}";

    public Service Service => ConsolidationModule.Service;

    public void Map(Routes r)
    {
        r.Get(All, "consolidation:read", List);
        r.Post(All, "consolidation:write", "consolidation_plan.make", Make);
        r.Get(One, "consolidation:read", call => database.Read(async q => await Body(q, await Find(q, call)), call.Stop));
        r.Post(One + "/approve", "consolidation:write", "consolidation_plan.approve", Approve);
        r.Post(One + "/stop", "consolidation:write", "consolidation_plan.stop", Stop);
        r.Post(One + "/undo", "consolidation:write", "consolidation_plan.undo", Undo);
    }

    private static async Task<PlanRow> Find(Query q, Call call) => await PlanBook.Find(q, call["id"]) ?? throw CloudError.NotFound($"There is no plan {call["id"]}.");

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var db = q.Db<ConsolidationDb>();
        var rows = call.QueryOr("state") is not { } state ? db.Plans : PlanState.All.Contains(state) ? PlanState.Where(db, state) : throw CloudError.Invalid($"There is no state '{state}'; there are {string.Join(", ", PlanState.All)}.");
        if (call.QueryOr("cluster") is { } cluster) rows = rows.Where(p => p.Cluster == cluster);
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(p => p.Kind == kind);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no plan of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", true)], page, mark);
        var ids = slice.Rows.Select(p => p.Id).ToList();
        var (moves, switches) = ((await db.Moves.Where(x => ids.Contains(x.PlanId)).ToListAsync()).ToLookup(x => x.PlanId), (await db.Switches.Where(x => ids.Contains(x.PlanId)).ToListAsync()).ToLookup(x => x.PlanId));
        return Answer.Ok(new JsonObject { ["plans"] = new JsonArray([.. slice.Rows.Select(p => (JsonNode)PlanWire.Of(p, [.. moves[p.Id]], [.. switches[p.Id]]))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    private static async Task<Answer> Body(Query q, PlanRow row)
    {
        var db = q.Db<ConsolidationDb>();
        var (moves, switches) = (await db.Moves.Where(m => m.PlanId == row.Id).ToListAsync(), await db.Switches.Where(s => s.PlanId == row.Id).OrderBy(s => s.HostId).ToListAsync());
        var undo = await db.Plans.Where(p => p.ParentId == row.Id && p.Kind == PlanKinds.Undo).OrderByDescending(p => p.Id).Select(p => p.Id).FirstOrDefaultAsync();
        var wire = PlanWire.Of(row, moves, switches, undo);
        (wire["moves"], wire["switches"]) = (PlanWire.Moves(row, moves), PlanWire.Switches(switches));
        wire["picture"] = await db.Pictures.Where(p => p.PlanId == row.Id).Select(p => p.Body).SingleOrDefaultAsync() is { } picture ? JsonNode.Parse(picture) : null;
        return Answer.Ok(new JsonObject { ["plan"] = wire });
    }

    private async Task<Answer> Make(Call call)
    {
        var body = await call.Body("plan");
        var (cluster, aim) = (body.Text("cluster", 1, 64), body.OneOf("aim", [.. Policy.Aims.Except([Policy.None])]));
        body.Done();
        var policy = await database.Read(async q => (await hosts.All(q)).Any(h => h.Zone == cluster) ? await policies.Of(q, cluster) : throw CloudError.Invalid($"There is no cluster {cluster}: a cluster is an availability zone with hosts."), call.Stop);
        aim ??= policy.Aim;
        if (aim == Policy.None) throw CloudError.Conflict($"The policy of {cluster} is none. Set another one, or say in 'aim' what this plan is for: {string.Join(", ", Policy.Aims.Except([Policy.None]))}.");
        var proposal = await maker.Make(cluster, policy, aim, "operator", call.Stop);
        return await database.Write(call.Actor, async tx => await Body(tx, await book.Add(tx, proposal, policy, call.Verb)) with { Status = 201 }, call.Stop);
    }

    private async Task<Answer> Approve(Call call)
    {
        var body = await call.Body();
        var hash = body.Text("plan_hash", 64, 64);
        body.Done();
        if (call.Actor is not { SignedInUserId: null, Only: null }) throw CloudError.Forbidden("Plans are approved with your own sign-in, not with a trust or a limited application credential.");
        return await database.Write(call.Actor, async tx =>
        {
            await tx.Lock(PlanBook.MovesLock);
            var row = await Find(tx, call);
            if (row is not { ApprovedAt: null, StoppedAt: null, EndedAt: null }) throw CloudError.Conflict($"The plan is {PlanState.Of(row, false)}; only a draft can be approved.");
            if (hash != row.Hash) throw CloudError.Conflict($"The plan's hash is {row.Hash}, not {hash}: read it again before you approve.");
            if (row.Kind != PlanKinds.Rescue && await PlanBook.Going(tx, row.Cluster, row.Id)) throw CloudError.Conflict($"Another plan of {row.Cluster} is under way: wait for its end or stop it.");
            await book.Approve(tx, row, Standpoint.Of(call.Actor), call.Actor.UserName);
            return await Body(tx, await Find(tx, call));
        }, call.Stop);
    }

    private async Task<Answer> Stop(Call call)
    {
        var body = await call.Body();
        var why = body.TextOr("reason", 0, 500) ?? "";
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call);
            if (!await book.Stop(tx, row, call.Actor.UserName, why)) throw CloudError.Conflict("The plan has ended, or was stopped already.");
            return await Body(tx, await Find(tx, call));
        }, call.Stop);
    }

    private async Task<Answer> Undo(Call call)
    {
        var row = await database.Read(q => Find(q, call), call.Stop);
        var (proposal, policy) = await undos.Make(row, call.Stop);
        return await database.Write(call.Actor, async tx => await Body(tx, await book.Add(tx, proposal, policy, call.Verb)) with { Status = 201 }, call.Stop);
    }
}
