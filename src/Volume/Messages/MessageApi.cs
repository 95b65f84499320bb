using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Messages;

internal sealed class MessageApi(Database database) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/messages", "volume:read", VolumeService.Since(3, List));
        routes.Get("/messages/{id}", "volume:read", VolumeService.Since(3, Show));
        routes.Delete("/messages/{id}", "volume:write", "volume_message.delete", VolumeService.Since(3, Delete));
    }

    private static IQueryable<MessageRow> Visible(Query q, Actor actor)
    {
        var (project, old) = (actor.ProjectId ?? "", q.Now - (long)MessageStore.Kept.TotalMilliseconds);
        return q.Db<VolumeDb>().Messages.Where(m => m.CreatedAt >= old && (actor.IsAdmin || m.ProjectId == project));
    }

    private static async Task<MessageRow> Get(Query q, Call call) =>
        await Visible(q, call.Actor).SingleOrDefaultAsync(m => m.Id == call["id"]) ?? throw CloudError.NotFound($"Message {call["id"]} could not be found.");

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        VolumeService.Check(call);
        var project = call.Actor.ProjectId ?? "";
        var rows = Visible(q, call.Actor).Where(m => m.ProjectId == project);
        if (call.QueryOr("resource_uuid") is { } id) rows = rows.Where(m => m.ResourceId == id);
        if (call.QueryOr("resource_type") is { } kind) rows = rows.Where(m => m.ResourceKind == kind.ToUpperInvariant());
        if (call.QueryOr("event_id") is { } happened) rows = rows.Where(m => m.Event == happened);
        if (call.QueryOr("request_id") is { } request) rows = rows.Where(m => m.RequestId == request);
        // Pages came with 3.5: before, a client knows no marker and gets one page.
        var page = call.AtLeast(5) ? call.Page() : new Page(Page.Max, null);
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(m => m.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no message.");
        var slice = await rows.Paged([new SortKey(nameof(MessageRow.CreatedAt), true)], page, mark);
        var body = new JsonObject { ["messages"] = new JsonArray([.. slice.Rows.Select(m => Wire(call, m))]) };
        if (slice.More) body["messages_links"] = call.NextLinks(slice.Rows[^1].Id);
        return Answer.Ok(body);
    }, call.Stop);

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(new JsonObject { ["message"] = Wire(call, await Get(q, call)) }), call.Stop);

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Get(tx, call);
            await tx.Db<VolumeDb>().Messages.Where(m => m.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "volume_message", row.Id, row.ProjectId, new { row.Event, resource = row.ResourceId });
        }, call.Stop);
        return new Answer(204);
    }

    private static JsonObject Wire(Call call, MessageRow m) => new()
    {
        ["id"] = m.Id, ["event_id"] = m.Event, ["user_message"] = m.Text, ["message_level"] = "ERROR", ["resource_type"] = m.ResourceKind, ["resource_uuid"] = m.ResourceId,
        ["request_id"] = m.RequestId, ["created_at"] = Clock.Micros(m.CreatedAt), ["guaranteed_until"] = Clock.Micros(m.CreatedAt + (long)MessageStore.Kept.TotalMilliseconds),
        ["links"] = VolumeWire.Links(call, m.ProjectId, "messages", m.Id),
    };
}
