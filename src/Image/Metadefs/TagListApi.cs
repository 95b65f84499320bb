using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>Tags are made by their path, or all at once; a list replaces what was there unless X-Openstack-Append says otherwise.</summary>
internal sealed class TagListApi(Database database) : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Post("/metadefs/namespaces/{ns}/tags", "image:write_metadefs", "metadef.tag.create", CreateAll);
        routes.Post("/metadefs/namespaces/{ns}/tags/{name}", "image:write_metadefs", "metadef.tag.create", CreateOne);
        foreach (var (kind, plural) in new[] { ("object", "objects"), ("property", "properties"), ("tag", "tags") })
            routes.Delete($"/metadefs/namespaces/{{ns}}/{plural}", "image:write_metadefs", $"metadef.{kind}.delete", call => Clear(call, kind));
    }

    private async Task<Answer> CreateAll(Call call)
    {
        var body = await call.Body();
        var names = (body.ObjectsOr("tags") ?? throw CloudError.Invalid("Invalid input: 'tags' is a required property.")).Select(t => EntryBody.Read("tag", t).Name).ToList();
        body.Done();
        if (names.Distinct().Count() < names.Count) throw CloudError.Conflict("A tag stands twice in the list.");
        var append = bool.TryParse(call.Http.Request.Headers["X-Openstack-Append"], out var more) && more;
        var rows = await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            if (!append) await All(tx, ns.Id, "tag").ExecuteDeleteAsync();
            foreach (var name in names) await MetadefStore.Add(tx, ns.Id, "tag", name, []);
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { names });
            return await MetadefStore.Entries(tx, ns.Id, "tag");
        }, call.Stop);
        return Answer.Created(new JsonObject { ["tags"] = new JsonArray([.. rows.Select(MetadefWire.Of)]) });
    }

    private async Task<Answer> CreateOne(Call call)
    {
        var name = call["name"];
        if (name.Length > EntryBody.LongestName) throw CloudError.Invalid($"A tag has {EntryBody.LongestName} characters at most.");
        var row = await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name });
            return await MetadefStore.Add(tx, ns.Id, "tag", name, []);
        }, call.Stop);
        return Answer.Created(MetadefWire.Of(row));
    }

    private async Task<Answer> Clear(Call call, string kind)
    {
        await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            await All(tx, ns.Id, kind).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null);
        }, call.Stop);
        return Answer.NoContent;
    }

    private static IQueryable<EntryRow> All(Tx tx, string ns, string kind) => tx.Db<ImageDb>().Entries.Where(e => e.NamespaceId == ns && e.Kind == kind);
}
