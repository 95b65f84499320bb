using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Image.Imports;

/// <summary>Imports as tasks: how far they are, and why one failed. They are made by importing, and go with their image.</summary>
internal sealed class TaskApi(Database database) : IApi
{
    private const long Kept = 48 * 3_600_000L;

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/images/{id}/tasks", "image:read", OfImage);
        routes.Get("/tasks", "image:read", List);
        routes.Get("/tasks/{id}", "image:read", Show);
        routes.Get("/schemas/task", "image:read", _ => Task.FromResult(Answer.Ok(Schema())));
        routes.Get("/schemas/tasks", "image:read", _ => Task.FromResult(Answer.Ok(Schemas.Schema.List("tasks", Schema(), paged: true))));
    }

    private static JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var name in new[] { "id", "type", "status", "owner", "expires_at", "created_at", "updated_at", "message", "self", "schema" }) properties[name] = new JsonObject { ["type"] = "string" };
        foreach (var name in new[] { "input", "result" }) properties[name] = new JsonObject { ["type"] = new JsonArray("null", "object") };
        return new JsonObject { ["name"] = "task", ["properties"] = properties };
    }

    private static JsonObject Wire(TaskRow t, bool whole)
    {
        var body = new JsonObject
        {
            ["id"] = t.Id, ["type"] = "api_image_import", ["status"] = t.Status, ["owner"] = t.OwnerId, ["created_at"] = Clock.Seconds(t.CreatedAt), ["updated_at"] = Clock.Seconds(t.UpdatedAt),
            ["expires_at"] = t.Status == TaskRow.Pending ? null : Clock.Seconds(t.UpdatedAt + Kept), ["self"] = "/v2/tasks/" + t.Id, ["schema"] = "/v2/schemas/task",
        };
        if (!whole) return body;
        body["input"] = JsonNode.Parse(t.Input);
        body["result"] = t.Status == TaskRow.Success ? new JsonObject { ["image_id"] = t.ImageId } : null;
        body["message"] = t.Message;
        return body;
    }

    private Task<Answer> OfImage(Call call) => database.Read(async q =>
    {
        var image = await ImageStore.GetOwn(q, call.Actor, call["id"]);
        var rows = await q.Db<ImageDb>().Tasks.Where(t => t.ImageId == image.Id).OrderBy(t => t.Id).ToListAsync();
        return Answer.Ok(new JsonObject { ["tasks"] = new JsonArray([.. rows.Select(t => OfImage(t))]) });
    }, call.Stop);

    private static JsonObject OfImage(TaskRow t)
    {
        var body = Wire(t, true);
        (body["image_id"], body["user_id"], body["request_id"]) = (t.ImageId, t.UserId, t.RequestId);
        return body;
    }

    private static IQueryable<TaskRow> Seen(Query q, Actor actor)
    {
        var owner = actor.ProjectId ?? "";
        return actor.IsAdmin ? q.Db<ImageDb>().Tasks : q.Db<ImageDb>().Tasks.Where(t => t.OwnerId == owner);
    }

    private async Task<Answer> List(Call call)
    {
        var page = call.Page();
        var slice = await database.Read(async q =>
        {
            var rows = Seen(q, call.Actor);
            if (call.QueryOr("status") is { } status) rows = rows.Where(t => t.Status == status);
            var marker = page.Marker is { } m ? await rows.SingleOrDefaultAsync(t => t.Id == m) ?? throw CloudError.Invalid($"The marker {m} is no task.") : null;
            return await rows.Paged([new SortKey("Id")], page, marker);
        }, call.Stop);
        var body = new JsonObject { ["tasks"] = new JsonArray([.. slice.Rows.Select(t => Wire(t, false))]), ["schema"] = "/v2/schemas/tasks", ["first"] = "/v2/tasks" };
        if (slice.More && slice.Rows.Count > 0) body["next"] = $"/v2/tasks?marker={slice.Rows[^1].Id}&limit={page.Limit}";
        return Answer.Ok(body);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var id = call["id"];
        return Answer.Ok(Wire(await Seen(q, call.Actor).SingleOrDefaultAsync(t => t.Id == id) ?? throw CloudError.NotFound($"Failed to find task {id}."), true));
    }, call.Stop);
}
