using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Idle;

/// <summary>/xiangyun/v1/capacity/idle: what seems to be of no use, and the owner's word: keep (why, until when) or release. Nothing goes without that word.</summary>
internal sealed class IdleApi(Database database, Sight sight, Releasing releasing, IPrices prices, QuotaTree tree) : IApi
{
    private const string One = "/capacity/idle/{id}";
    private const long Day = 24 * 3_600_000, LongestDays = 3660;

    public Service Service => CapacityModule.Service;

    public void Map(Routes r)
    {
        r.Get("/capacity/idle", "capacity:read", List);
        r.Get(One, "capacity:read", call => database.Read(async q => await Body(q, await Find(q, call)), call.Stop));
        r.Post(One + "/keep", "capacity:answer", "capacity_idle.keep", Keep);
        r.Post(One + "/release", "capacity:answer", "capacity_idle.release", Release);
        r.Post(One + "/undo", "capacity:answer", "capacity_idle.undo", Undo);
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<CapacityDb>().Idle.AsQueryable();
        if (await sight.Projects(q, call.Actor) is { } mine) rows = rows.Where(i => mine.Contains(i.ProjectId));
        if (call.QueryOr("project_id") is { } project) rows = rows.Where(i => i.ProjectId == project);
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(i => i.Kind == kind);
        if (call.QueryOr("escalated") is not null) rows = call.QueryFlag("escalated") ? rows.Where(i => i.EscalatedAt != null) : rows.Where(i => i.EscalatedAt == null);
        if (call.QueryOr("organisation_id") is { } node)
        {
            var below = (await tree.Read(q, "")).Below(node).ToList();
            rows = rows.Where(i => below.Contains(i.ProjectId));
        }
        if (call.QueryOr("state") is { } state) rows = IdleStates.All.Contains(state) ? rows.Where(i => i.State == state) : throw CloudError.Invalid($"There is no state '{state}'; there are {string.Join(", ", IdleStates.All)}.");
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(i => i.Id == m) ?? throw CloudError.Invalid($"The marker {m} names nothing of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(IdleRow.Cost), true), new SortKey(nameof(IdleRow.Id), true)], page, mark);
        var currency = (await prices.Now(q)).Currency;
        return Answer.Ok(new JsonObject { ["idle"] = new JsonArray([.. slice.Rows.Select(i => Wire(i, currency))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    private async Task<IdleRow> Find(Query q, Call call)
    {
        var (id, mine) = (call["id"], await sight.Projects(q, call.Actor));
        var row = await q.Db<CapacityDb>().Idle.SingleOrDefaultAsync(i => i.Id == id);
        return row is not null && (mine is null || mine.Contains(row.ProjectId)) ? row : throw CloudError.NotFound($"There is no question {id} about something idle.");
    }

    private async Task<Answer> Body(Query q, IdleRow row) => Answer.Ok(new JsonObject { ["idle"] = Wire(row, (await prices.Now(q)).Currency) });

    private static JsonObject Wire(IdleRow i, string currency) => new()
    {
        ["id"] = i.Id, ["kind"] = i.Kind, ["object_kind"] = i.ObjectKind, ["object_id"] = i.ObjectId, ["name"] = i.Name, ["project_id"] = i.ProjectId, ["state"] = i.State, ["since"] = Clock.Seconds(i.Since), ["cost"] = i.Cost, ["currency"] = currency,
        ["unit"] = "hundredths of the currency for 30 days", ["evidence"] = JsonNode.Parse(i.Evidence), ["reminders"] = i.Reminders, ["reminded_at"] = Clock.Seconds(i.RemindedAt), ["escalated_at"] = Clock.Seconds(i.EscalatedAt), ["answered_by"] = i.AnsweredBy,
        ["answered_at"] = Clock.Seconds(i.AnsweredAt), ["reason"] = i.Reason, ["keep_until"] = Clock.Seconds(i.KeepUntil), ["release_at"] = Clock.Seconds(i.ReleaseAt), ["request_id"] = i.RequestId, ["error"] = i.Error, ["found_at"] = Clock.Seconds(i.CreatedAt),
    };

    private async Task<IdleRow> Mine(Query q, Call call, params string[] states)
    {
        var row = await Find(q, call);
        await sight.MustAnswerFor(q, call.Actor, row.ProjectId);
        return states.Contains(row.State) ? row : throw CloudError.Conflict($"This is {row.State}; that can be answered while it is {string.Join(" or ", states)}.");
    }

    private async Task<Answer> Keep(Call call)
    {
        var f = await call.Body("keep");
        var (reason, days) = (f.Text("reason", 1, 500), f.NumberOr("days", 1, LongestDays) ?? 90);
        f.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await Mine(tx, call, IdleStates.Open, IdleStates.Kept);
            var (who, until) = (call.Actor.UserId, tx.Now + days * Day);
            await IdleSurvey.Update(tx, row, s => s.SetProperty(i => i.State, IdleStates.Kept).SetProperty(i => i.Reason, reason).SetProperty(i => i.KeepUntil, until).SetProperty(i => i.AnsweredBy, who).SetProperty(i => i.AnsweredAt, tx.Now).SetProperty(i => i.EscalatedAt, (long?)null).SetProperty(i => i.Error, (string?)null));
            tx.Audit(call.Verb, "capacity_idle", row.Id, row.ProjectId, new { row.Kind, row.ObjectId, reason, until = Clock.Seconds(until) });
            return await Body(tx, await Find(tx, call));
        }, call.Stop);
    }

    private async Task<Answer> Release(Call call)
    {
        var f = await call.Body("release");
        var reason = f.TextOr("reason", 0, 500) ?? "";
        f.Done();
        await releasing.Begin(call, await database.Read(q => Mine(q, call, IdleStates.Open, IdleStates.Kept), call.Stop), reason);
        return (await database.Read(async q => await Body(q, await Find(q, call)), call.Stop)) with { Status = 202 };
    }

    private async Task<Answer> Undo(Call call)
    {
        var f = await call.Body("undo");
        f.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await Mine(tx, call, IdleStates.Released);
            await releasing.Undo(tx, call, row);
            return await Body(tx, await Find(tx, call));
        }, call.Stop);
    }
}
