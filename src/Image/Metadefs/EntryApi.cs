using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>Objects, properties and tags inside a namespace: the same five verbs for each.</summary>
internal sealed class EntryApi(Database database) : IApi
{
    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        foreach (var (kind, plural) in new[] { ("object", "objects"), ("property", "properties"), ("tag", "tags") })
        {
            var path = $"/metadefs/namespaces/{{ns}}/{plural}";
            routes.Get(path, "image:read", call => List(call, kind, plural));
            if (kind != "tag") routes.Post(path, "image:write_metadefs", $"metadef.{kind}.create", call => Create(call, kind));
            routes.Get(path + "/{name}", "image:read", call => Show(call, kind));
            routes.Put(path + "/{name}", "image:write_metadefs", $"metadef.{kind}.update", call => Update(call, kind));
            routes.Delete(path + "/{name}", "image:write_metadefs", $"metadef.{kind}.delete", call => Delete(call, kind));
        }
    }

    private async Task<Answer> List(Call call, string kind, string plural) => Answer.Ok(await database.Read(async q =>
    {
        var ns = await MetadefStore.Get(q, call);
        var rows = await MetadefStore.Entries(q, ns.Id, kind);
        if (kind == "property") return new JsonObject { [plural] = MetadefWire.Properties(rows) };
        return new JsonObject
        {
            [plural] = new JsonArray([.. rows.Select(MetadefWire.Of)]), ["first"] = $"{MetadefWire.Self(ns.Id)}/{plural}", ["schema"] = $"/v2/schemas/metadefs/{plural}",
        };
    }, call.Stop));

    private async Task<Answer> Create(Call call, string kind)
    {
        var (name, body) = EntryBody.Read(kind, await call.Body());
        var row = await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name });
            return await MetadefStore.Add(tx, ns.Id, kind, name, body);
        }, call.Stop);
        return Answer.Created(MetadefWire.Of(row));
    }

    private async Task<Answer> Show(Call call, string kind) => Answer.Ok(await database.Read(async q =>
        MetadefWire.Of(await MetadefStore.Entry(q, (await MetadefStore.Get(q, call)).Id, kind, call["name"])), call.Stop));

    private async Task<Answer> Update(Call call, string kind)
    {
        var (name, body) = EntryBody.Read(kind, await call.Body());
        var row = await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name });
            return await MetadefStore.Replace(tx, await MetadefStore.Entry(tx, ns.Id, kind, call["name"]), name, body);
        }, call.Stop);
        return Answer.Ok(MetadefWire.Of(row));
    }

    private async Task<Answer> Delete(Call call, string kind)
    {
        await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            await MetadefStore.Remove(tx, await MetadefStore.Entry(tx, ns.Id, kind, call["name"]));
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name = call["name"] });
        }, call.Stop);
        return Answer.NoContent;
    }
}
