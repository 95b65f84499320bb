using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Tags;

/// <summary>/RESOURCES/{id}/tags of one resource: replace, clear, add, remove and ask.</summary>
internal sealed class TagRoutes<T>(Database database, string one, Func<Query, Actor, IQueryable<T>> visible, Func<Tx, Call, Task<T>> own, Func<string, CloudError> missing) where T : ResourceRow
{
    public void Map(Routes routes, string path, string read, string write)
    {
        routes.Get(path + "/{id}/tags", read, Show);
        routes.Put(path + "/{id}/tags", write, $"{one}.tag", Replace);
        routes.Delete(path + "/{id}/tags", write, $"{one}.untag", call => Change(call, Tags.Clear, Answer.NoContent));
        routes.Get(path + "/{id}/tags/{tag}", read, Ask);
        routes.Put(path + "/{id}/tags/{tag}", write, $"{one}.tag", call => Change(call, async (tx, id) => await Tags.Replace(tx, id, [.. await Tags.Of(tx, id), call["tag"]]), new Answer(201)));
        routes.Delete(path + "/{id}/tags/{tag}", write, $"{one}.untag", call => Change(call, (tx, id) => Remove(tx, id, call["tag"]), Answer.NoContent));
    }

    private Task<List<string>> Read(Call call) => database.Read(async q =>
    {
        var id = call["id"];
        if (!await visible(q, call.Actor).AnyAsync(r => r.Id == id)) throw missing(id);
        return await Tags.Of(q, id);
    });

    private async Task<Answer> Show(Call call) => Answer.Ok(Body(await Read(call)));

    private async Task<Answer> Ask(Call call) => (await Read(call)).Contains(call["tag"]) ? Answer.NoContent : throw Missing(call["tag"]);

    private async Task<Answer> Replace(Call call)
    {
        var body = await call.Body();
        var tags = body.TextsOr("tags") ?? throw CloudError.Invalid("Invalid tags body: it must be {\"tags\": [...]}.", "HTTPBadRequest");
        body.Done();
        await Change(call, (tx, id) => Tags.Replace(tx, id, tags), Answer.NoContent);
        return await Show(call);
    }

    private async Task<Answer> Change(Call call, Func<Tx, string, Task> change, Answer answer)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await own(tx, call);
            await change(tx, row.Id);
            await tx.Bump<T>(row.Id);
            tx.Audit(call.Verb, one, row.Id, row.ProjectId, new { tags = await Tags.Of(tx, row.Id) });
        });
        return answer;
    }

    private static async Task Remove(Tx tx, string id, string tag)
    {
        if (await tx.Db<NetworkDb>().Tags.Where(t => t.ResourceId == id && t.Tag == tag).ExecuteDeleteAsync() == 0) throw Missing(tag);
    }

    private static CloudError Missing(string tag) => CloudError.NotFound($"Tag {tag} could not be found.", "TagNotFound");

    private static JsonObject Body(IEnumerable<string> tags) => new() { ["tags"] = Shown.Array(tags) };
}
