using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Tags;

internal sealed class TagApi(Database database) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string all = "/servers/{id}/tags", one = all + "/{tag}";
        r.Get(all, "compute:read", Nova.Since(26, call => database.Read(async q => Answer.Ok(Wire(await Of(q, (await ServerStore.Find(q, call.Actor, call["id"])).Id))))));
        r.Put(all, "compute:write", "server.tag", Nova.Since(26, Replace));
        r.Delete(all, "compute:write", "server.untag", Nova.Since(26, Clear));
        r.Get(one, "compute:read", Nova.Since(26, Has));
        r.Put(one, "compute:write", "server.tag", Nova.Since(26, Add));
        r.Delete(one, "compute:write", "server.untag", Nova.Since(26, Remove));
    }

    private static JsonObject Wire(IEnumerable<string> tags) => new() { ["tags"] = new JsonArray([.. tags.Select(t => (JsonNode)t)]) };

    private static Task<List<string>> Of(Query q, string serverId) => q.Db<ComputeDb>().Tags.Where(t => t.ServerId == serverId).OrderBy(t => t.Tag).Select(t => t.Tag).ToListAsync();

    private static CloudError Missing(Call call) => CloudError.NotFound($"Server {call["id"]} has no tag '{call["tag"]}'");

    private Task<Answer> Has(Call call) => database.Read(async q =>
        (await Of(q, (await ServerStore.Find(q, call.Actor, call["id"])).Id)).Contains(call["tag"]) ? Answer.NoContent : throw Missing(call));

    private async Task<Answer> Replace(Call call)
    {
        var body = await call.Body();
        var tags = TagRules.Checked(body.TextsOr("tags", 1000) ?? throw CloudError.Invalid("'tags' is a required property."));
        body.Done();
        await Change(call, async (tx, id) =>
        {
            await tx.Db<ComputeDb>().Tags.Where(t => t.ServerId == id).ExecuteDeleteAsync();
            foreach (var tag in tags) tx.Db<ComputeDb>().Add(new TagRow { ServerId = id, Tag = tag });
        });
        return Answer.Ok(Wire(tags));
    }

    private async Task<Answer> Clear(Call call)
    {
        await Change(call, (tx, id) => tx.Db<ComputeDb>().Tags.Where(t => t.ServerId == id).ExecuteDeleteAsync());
        return Answer.NoContent;
    }

    private async Task<Answer> Add(Call call)
    {
        var tag = TagRules.Checked(call["tag"]);
        var known = false;
        await Change(call, async (tx, id) =>
        {
            var tags = await Of(tx, id);
            if (known = tags.Contains(tag)) return;
            if (tags.Count >= TagRules.Most) throw CloudError.Invalid($"The number of tags exceeded the per-server limit {TagRules.Most}.");
            tx.Db<ComputeDb>().Add(new TagRow { ServerId = id, Tag = tag });
        });
        return new Answer(known ? 204 : 201).With("Location", call.Link($"/compute/v2.1/servers/{call["id"]}/tags/{Uri.EscapeDataString(tag)}"));
    }

    private async Task<Answer> Remove(Call call)
    {
        var tag = call["tag"];
        await Change(call, async (tx, id) =>
        {
            if (await tx.Db<ComputeDb>().Tags.Where(t => t.ServerId == id && t.Tag == tag).ExecuteDeleteAsync() == 0) throw Missing(call);
        });
        return Answer.NoContent;
    }

    private Task Change(Call call, Func<Tx, string, Task> change) => database.Write(call.Actor, async tx =>
    {
        var row = await ServerStore.ForChange(tx, call["id"], evenLocked: true);
        await tx.Lock("tags:" + row.Id);
        await change(tx, row.Id);
        tx.Audit(call.Verb, "server", row.Id, row.ProjectId);
    });
}
