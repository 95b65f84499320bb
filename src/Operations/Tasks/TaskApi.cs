using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;
using Xiangyun.Wire;

namespace Xiangyun.Operations.Tasks;

/// <summary>/xiangyun/v1/tasks: every long operation that the caller may see, how far it is, and what can be done about it now.</summary>
internal sealed class TaskApi(Database database, TaskBook book) : IApi
{
    public Service Service => OperationsModule.Service;

    public void Map(Routes r)
    {
        r.Get("/tasks", "task:read", List);
        r.Get("/task-counts", "task:read", Count);
        r.Get("/tasks/{id}", "task:read", call => database.Read(async q => Answer.Ok(new JsonObject { ["task"] = Wire((await book.Find(q, call.Actor, call["id"])).Task, call.Actor) })));
        foreach (var verb in TaskVerbs.All) r.Post($"/tasks/{{id}}/{verb}", "task:act", "task." + verb, call => Do(call, verb));
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var (page, tasks) = (call.Page(), (await book.All(q, call.Actor)).AsEnumerable());
        if (call.QueryOr("state") is { } state) tasks = TaskStates.All.Contains(state) ? tasks.Where(t => t.State == state) : throw CloudError.Invalid($"Invalid input for query parameter state. Value: {state}. It must be one of: {string.Join(", ", TaskStates.All)}.");
        if (call.QueryOr("kind") is { } kind) tasks = tasks.Where(t => t.Kind == kind || t.Kind.StartsWith(kind + ".", StringComparison.Ordinal));
        if (call.QueryOr("object_id") is { } about) tasks = tasks.Where(t => t.ObjectId == about);
        if (call.QueryOr("project_id") is { } project) tasks = tasks.Where(t => t.ProjectId == project);
        var all = tasks.ToList();
        if (page.Marker is { } marker)
        {
            var mark = all.Find(t => t.Id == marker) ?? (await book.Find(q, call.Actor, marker)).Task;
            all = [.. all.Where(t => t.StartedAt < mark.StartedAt || t.StartedAt == mark.StartedAt && string.CompareOrdinal(t.Id, mark.Id) < 0)];
        }
        var more = all.Count > page.Limit;
        var rows = all.Take(page.Limit).ToList();
        return Answer.Ok(new JsonObject { ["tasks"] = new JsonArray([.. rows.Select(t => Wire(t, call.Actor))]), ["next"] = more && rows.Count > 0 ? call.NextLink(rows[^1].Id) : null });
    });

    /// <summary>With <c>open</c> only what goes on: asked often, by every open page.</summary>
    private Task<Answer> Count(Call call) => database.Read(async q =>
    {
        var open = call.QueryOr("open") is not null && call.QueryFlag("open");
        var counts = (await book.All(q, call.Actor, !open)).CountBy(t => t.State).ToDictionary();
        return Answer.Ok(new JsonObject { ["counts"] = new JsonObject(TaskStates.All.Select(s => KeyValuePair.Create(s, (JsonNode?)counts.GetValueOrDefault(s)))) });
    });

    /// <summary>The module does it as its own API would, in this transaction; here it is only told what was asked for.</summary>
    private Task<Answer> Do(Call call, string verb) => database.Write(call.Actor, async tx =>
    {
        var (task, source) = await book.Find(tx, call.Actor, call["id"]);
        if (!task.Can.Contains(verb)) throw CloudError.Conflict($"'{verb}' is not possible: {task.Kind} is {task.State}{(task.Can.Count > 0 ? $"; possible is {string.Join(", ", task.Can)}" : "")}.");
        if (!TaskBook.Can(task, call.Actor).Contains(verb)) throw CloudError.Forbidden(task.OnlyByWhoAsked ? "Only who asked for it may do this." : $"This needs the right {task.Rule} in the project {task.ProjectId}: use a token of that project.");
        tx.Audit(call.Verb, task.ObjectKind, task.ObjectId, task.ProjectId, new { task = task.Id, task.Kind });
        await source.Do(tx, task.Id[(source.Name.Length + 1)..], verb);
        return Answer.Accepted;
    });

    private static JsonObject Wire(TaskView t, Actor actor) => new()
    {
        ["id"] = t.Id, ["kind"] = t.Kind, ["state"] = t.State, ["object_kind"] = t.ObjectKind, ["object_id"] = t.ObjectId, ["object_name"] = t.ObjectName, ["project_id"] = t.ProjectId, ["domain_id"] = t.DomainId, ["user_id"] = t.UserId,
        ["stage"] = t.Stage, ["stages"] = new JsonArray([.. t.Stages.Select(s => (JsonNode)s)]), ["percent"] = t.Progress?.Percent, ["bytes_done"] = t.Progress?.Done, ["bytes_total"] = t.Progress?.Total, ["bytes_per_second"] = t.Progress?.BytesPerSecond, ["eta_seconds"] = t.Progress?.EtaSeconds,
        ["started_at"] = Clock.Seconds(t.StartedAt), ["ended_at"] = Clock.Seconds(t.EndedAt), ["error"] = t.Error, ["can"] = new JsonArray([.. TaskBook.Can(t, actor).Select(v => (JsonNode)v)]),
    };
}
