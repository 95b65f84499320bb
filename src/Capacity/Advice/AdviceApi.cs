using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Advice;

/// <summary>/xiangyun/v1/capacity/advice: which servers are too large or too small; the bureau accepts, dismisses, and may have it undone.</summary>
internal sealed class AdviceApi(Database database, Sight sight, IDemands demands, IPrices prices, Neighbour neighbour, QuotaTree tree) : IApi
{
    private const string One = "/capacity/advice/{id}";

    public Service Service => CapacityModule.Service;

    public void Map(Routes r)
    {
        r.Get("/capacity/advice", "capacity:read", List);
        r.Get(One, "capacity:read", call => database.Read(async q => await Body(q, await AdviceStore.Find(q, call["id"], await sight.Projects(q, call.Actor))), call.Stop));
        r.Post(One + "/accept", "capacity:answer", "capacity_advice.accept", Accept);
        r.Post(One + "/dismiss", "capacity:answer", "capacity_advice.dismiss", Dismiss);
        r.Post(One + "/undo", "capacity:answer", "capacity_advice.undo", Undo);
    }

    private async Task<Answer> Body(Query q, AdviceRow row) => Answer.Ok(new JsonObject { ["advice"] = AdviceWire.Of(row, await prices.Now(q)) });

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<CapacityDb>().Advice.AsQueryable();
        if (await sight.Projects(q, call.Actor) is { } mine) rows = rows.Where(a => mine.Contains(a.ProjectId));
        if (call.QueryOr("project_id") is { } project) rows = rows.Where(a => a.ProjectId == project);
        if (call.QueryOr("server_id") is { } server) rows = rows.Where(a => a.ServerId == server);
        if (call.QueryOr("kind") is { } kind) rows = rows.Where(a => a.Kind == kind);
        if (call.QueryOr("organisation_id") is { } node)
        {
            var below = (await tree.Read(q, "")).Below(node).ToList();
            rows = rows.Where(a => below.Contains(a.ProjectId));
        }
        if (call.QueryOr("state") is { } state) rows = States.All.Contains(state) ? rows.Where(a => a.State == state) : throw CloudError.Invalid($"There is no state '{state}'; there are {string.Join(", ", States.All)}.");
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(a => a.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no advice of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(AdviceRow.Id), true)], page, mark);
        var list = await prices.Now(q);
        return Answer.Ok(new JsonObject { ["advice"] = new JsonArray([.. slice.Rows.Select(a => AdviceWire.Of(a, list))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    /// <summary>The one that the caller may decide about.</summary>
    private async Task<AdviceRow> Mine(Query q, Call call)
    {
        var row = await AdviceStore.Find(q, call["id"], await sight.Projects(q, call.Actor));
        await sight.MustAnswerFor(q, call.Actor, row.ProjectId);
        return row;
    }

    private static readonly string[] Acceptable = [States.Proposed, States.Dismissed, States.Failed];

    private async Task<Answer> Accept(Call call)
    {
        var f = await call.Body("accept");
        var now = f.FlagOr("now") ?? false;
        f.Done();
        var row = await database.Read(q => Mine(q, call), call.Stop);
        AdviceStore.MustBe(row, Acceptable);
        var adds = new Dictionary<string, long> { ["compute.cores"] = Math.Max(0, row.ToVcpus - row.FromVcpus), ["compute.ram"] = Math.Max(0, row.ToRamMib - row.FromRamMib) };
        var request = await database.Read(q => demands.Covers(q, row.ProjectId, adds), call.Stop) ? await AskFor(call, row) : null;
        return await database.Write(call.Actor, async tx =>
        {
            var again = await Mine(tx, call);
            AdviceStore.MustBe(again, Acceptable);
            if (await tx.Db<CapacityDb>().Advice.AnyAsync(a => a.ServerId == again.ServerId && a.Id != again.Id && States.UnderWay.Contains(a.State))) throw CloudError.Conflict("Other advice for this server is being carried out.");
            var (who, stood, state) = (call.Actor.UserId, Sight.Written(call.Actor), request is null ? States.Accepted : States.Asked);
            await AdviceStore.Update(tx, again, s => s.SetProperty(a => a.State, state).SetProperty(a => a.AcceptedBy, who).SetProperty(a => a.Standpoint, stood).SetProperty(a => a.AtOnce, now).SetProperty(a => a.RequestId, request).SetProperty(a => a.Error, (string?)null).SetProperty(a => a.Why, (string?)null).SetProperty(a => a.QuietUntil, (long?)null));
            tx.Audit(call.Verb, "capacity_advice", again.Id, again.ProjectId, new { server = again.ServerId, from = again.FromName, to = again.ToName, now, request });
            tx.Wake(AdviceStore.Work, again.Id);
            return (await Body(tx, await AdviceStore.Find(tx, again.Id, null))) with { Status = 202 };
        }, call.Stop);
    }

    /// <summary>The organisation wants others to decide about so much more: the same resize, as a request of the one who accepts.</summary>
    private async Task<string?> AskFor(Call call, AdviceRow row)
    {
        if (call.Actor.ProjectId != row.ProjectId) throw CloudError.Conflict("This organisation wants a request for such a resize; it is made by somebody of the project itself, who accepts with a token of that project.");
        var answer = await neighbour.Ask(call, "xiangyun", "POST", "/requests", new { request = new { kind = "resize", reason = $"advice {row.Id}: {row.FromName} -> {row.ToName}", wish = new { server_id = row.ServerId, flavor_id = row.ToId } } });
        return (string?)answer?["request"]?["id"];
    }

    private async Task<Answer> Dismiss(Call call)
    {
        var f = await call.Body("dismiss");
        var (reason, days) = (f.TextOr("reason", 0, 500) ?? "", f.NumberOr("days", 1, 3660));
        f.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await Mine(tx, call);
            await AdviceStore.Dismiss(tx, row, reason, days);
            return await Body(tx, await AdviceStore.Find(tx, row.Id, null));
        }, call.Stop);
    }

    private async Task<Answer> Undo(Call call)
    {
        var f = await call.Body("undo");
        var reason = f.TextOr("reason", 0, 500) ?? "";
        f.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var row = await Mine(tx, call);
            await AdviceStore.Undo(tx, row, reason.Length == 0 ? "undone by hand" : reason);
            return (await Body(tx, await AdviceStore.Find(tx, row.Id, null))) with { Status = 202 };
        }, call.Stop);
    }
}
