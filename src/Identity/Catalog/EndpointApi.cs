using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Endpoints: this server's own, which nobody can change, and those that operators added.</summary>
internal sealed class EndpointApi(IdentityStore store, CatalogView catalog) : IApi
{
    private static readonly string[] Known = ["service_id", "interface", "region", "region_id", "url", "enabled", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/endpoints", "identity:list_catalog", call => store.Read(async db => Pages.Whole(call, "endpoints",
            [.. catalog.Own().Concat(await db.Endpoints.OrderBy(e => e.Id).ToListAsync()).Where(e => Fits(e, call)).Select(e => Wire(e, call))])));
        r.Post("/endpoints", "identity:change_catalog", "endpoint.create", Create);
        r.Get("/endpoints/{id}", "identity:list_catalog", call => store.Read(async db => Answer.Ok(new JsonObject
        {
            ["endpoint"] = Wire(catalog.Own().FirstOrDefault(e => e.Id == call["id"]) ?? await Own(db, call["id"]), call),
        })));
        r.Patch("/endpoints/{id}", "identity:change_catalog", "endpoint.update", Update);
        r.Delete("/endpoints/{id}", "identity:change_catalog", "endpoint.delete", Delete);
    }

    private static bool Fits(EndpointRow e, Call call) => (call.QueryOr("interface") ?? e.Interface) == e.Interface && (call.QueryOr("service_id") ?? e.ServiceId) == e.ServiceId
        && (call.QueryOr("region_id") ?? e.RegionId) == e.RegionId && (call.QueryOr("region") ?? e.RegionId) == e.RegionId;

    public static JsonObject Wire(EndpointRow e, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = e.Id, ["service_id"] = e.ServiceId, ["interface"] = e.Interface, ["region"] = e.RegionId, ["region_id"] = e.RegionId, ["url"] = e.Url, ["enabled"] = e.Enabled,
            ["links"] = Keystone.Self(call, "/endpoints/" + e.Id),
        };
        Keystone.AddExtras(body, e.Extra);
        return body;
    }

    private async Task<EndpointRow> Own(IdentityDb db, string id) => catalog.Own().Any(e => e.Id == id)
        ? throw CloudError.Forbidden("This endpoint is answered by this cloud itself; it cannot be changed or deleted.")
        : await db.Endpoints.SingleOrDefaultAsync(e => e.Id == id) ?? throw Keystone.Missing("endpoint", id);

    private async Task<string> ServiceOf(IdentityDb db, string id) =>
        catalog.Offered.Any(o => CatalogView.ServiceId(o.Type) == id) || await db.Services.AnyAsync(s => s.Id == id) ? id : throw CloudError.Invalid($"Could not find service: {id}.");

    /// <summary>region_id must exist; the older member region makes a region that is missing.</summary>
    private async Task<string?> RegionOf(IdentityDb db, Fields body)
    {
        var (id, old) = (body.TextOr("region_id", 1), body.TextOr("region", 1));
        if ((id ?? old) is not { } region || region == catalog.Region || await db.Regions.AnyAsync(g => g.Id == region)) return id ?? old;
        if (id is not null) throw CloudError.Invalid($"Could not find region: {id}.");
        db.Add(new RegionRow { Id = region });
        return region;
    }

    private static string UrlOf(string url) => Uri.TryCreate(url.Replace("%(", "").Replace("$(", "").Replace(")s", ""), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? url : throw CloudError.Invalid($"Invalid input for field 'url'. Value: {url}. It must be an absolute http or https URL.");

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("endpoint");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var made = new EndpointRow
            {
                Id = Id.New(), ServiceId = await ServiceOf(db, body.Text("service_id")), Interface = Interface(body) ?? throw CloudError.Invalid("Invalid input: 'interface' is a required property."),
                RegionId = await RegionOf(db, body), Url = UrlOf(body.Text("url", 1, 2048)), Enabled = ServiceApi.Enabled(body) ?? true, Extra = Keystone.Extras(body, null, Known),
            };
            db.Add(made);
            tx.Audit(call.Verb, "endpoint", made.Id, null, new { made.ServiceId, made.Interface, made.Url });
            return made;
        });
        return Answer.Created(new JsonObject { ["endpoint"] = Wire(row, call) });
    }

    private static string? Interface(Fields body) => body.OneOf("interface", "public", "internal", "admin");

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("endpoint");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Own(db, call["id"]);
            var (name, url, enabled) = (Interface(body) ?? before.Interface, body.TextOr("url", 1, 2048) is { } text ? UrlOf(text) : before.Url, ServiceApi.Enabled(body) ?? before.Enabled);
            var (service, region, extra) = (body.TextOr("service_id") is { } id ? await ServiceOf(db, id) : before.ServiceId, await RegionOf(db, body) ?? before.RegionId, Keystone.Extras(body, before.Extra, Known));
            await db.Endpoints.Where(e => e.Id == before.Id).ExecuteUpdateAsync(u => u.SetProperty(e => e.Interface, name).SetProperty(e => e.Url, url).SetProperty(e => e.Enabled, enabled)
                .SetProperty(e => e.ServiceId, service).SetProperty(e => e.RegionId, region).SetProperty(e => e.Extra, extra));
            tx.Audit(call.Verb, "endpoint", before.Id, null, new { name, url, enabled });
            return await Own(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["endpoint"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Own(db, call["id"]);
            await db.ProjectEndpoints.Where(p => p.EndpointId == row.Id).ExecuteDeleteAsync();
            await db.Endpoints.Where(e => e.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "endpoint", row.Id, null, new { row.Url });
        });
        return Answer.NoContent;
    }
}
