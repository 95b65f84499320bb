using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Images;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>Which kinds of resources a namespace is meant for: OpenStack's well-known ones, and any other that a namespace names.</summary>
internal sealed class ResourceTypeApi(Database database) : IApi
{
    private const string Kind = "resource_type";
    private static readonly string[] WellKnown = ["OS::Cinder::Volume", "OS::Glance::Image", "OS::Nova::Aggregate", "OS::Nova::Flavor", "OS::Nova::Server"];

    public Service Service => ImageService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/metadefs/resource_types", "image:read", Types);
        routes.Get("/metadefs/namespaces/{ns}/resource_types", "image:read", List);
        routes.Post("/metadefs/namespaces/{ns}/resource_types", "image:write_metadefs", "metadef.resource_type.create", Create);
        routes.Delete("/metadefs/namespaces/{ns}/resource_types/{name}", "image:write_metadefs", "metadef.resource_type.delete", Delete);
    }

    private async Task<Answer> Types(Call call)
    {
        var named = await database.Read(async q =>
        {
            var seen = MetadefStore.Visible(q.Db<ImageDb>(), call.Actor).Select(n => n.Id);
            return await q.Db<ImageDb>().Entries.Where(e => e.Kind == Kind && seen.Contains(e.NamespaceId)).Select(e => e.Name).Distinct().ToListAsync();
        }, call.Stop);
        return Answer.Ok(new JsonObject { ["resource_types"] = new JsonArray([.. WellKnown.Union(named).Order(StringComparer.Ordinal).Select(t => new JsonObject { ["name"] = t })]) });
    }

    private async Task<Answer> List(Call call) => Answer.Ok(await database.Read(async q => new JsonObject
    {
        ["resource_type_associations"] = new JsonArray([.. (await MetadefStore.Entries(q, (await MetadefStore.Get(q, call)).Id, Kind)).Select(MetadefWire.Of)]),
    }, call.Stop));

    private async Task<Answer> Create(Call call)
    {
        var (name, body) = EntryBody.Read(Kind, await call.Body());
        var row = await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name });
            return await MetadefStore.Add(tx, ns.Id, Kind, name, body);
        }, call.Stop);
        return Answer.Created(MetadefWire.Of(row));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var ns = await MetadefStore.Get(tx, call);
            await MetadefStore.Remove(tx, await MetadefStore.Entry(tx, ns.Id, Kind, call["name"]));
            tx.Audit(call.Verb, "metadef_namespace", ns.Id, null, new { name = call["name"] });
        }, call.Stop);
        return Answer.NoContent;
    }
}
