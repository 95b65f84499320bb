using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Version documents, and services, endpoints and regions as read-only lists of what this server really offers.</summary>
internal sealed class CatalogApi(CatalogView catalog) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Root("", call => Task.FromResult(new Answer(300, new JsonObject { ["versions"] = new JsonObject { ["values"] = new JsonArray(Version(call)) } })));
        r.Root("/", call => Task.FromResult(new Answer(300, new JsonObject { ["versions"] = new JsonObject { ["values"] = new JsonArray(Version(call)) } })));
        r.Root("/v3", call => Task.FromResult(Answer.Ok(new JsonObject { ["version"] = Version(call) })));
        r.Get("/services", "identity:list_catalog", call => List(call, "services", Services(call)));
        r.Get("/services/{id}", "identity:list_catalog", call => One(call, "service", Services(call)));
        r.Get("/endpoints", "identity:list_catalog", call => List(call, "endpoints", Endpoints(call)));
        r.Get("/endpoints/{id}", "identity:list_catalog", call => One(call, "endpoint", Endpoints(call)));
        r.Get("/regions", "token", call => List(call, "regions", Regions(call)));
        r.Get("/regions/{id}", "token", call => One(call, "region", Regions(call)));
    }

    private static JsonObject Version(Call call) => new()
    {
        ["id"] = "v3.14", ["status"] = "stable", ["updated"] = "2020-04-07T00:00:00Z",
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link("/identity/v3/") }),
        ["media-types"] = new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = "application/vnd.openstack.identity-v3+json" }),
    };

    private IEnumerable<JsonObject> Services(Call call) => catalog.Offered.Select(o => new JsonObject
    {
        ["id"] = CatalogView.ServiceId(o.Type), ["type"] = o.Type, ["name"] = o.Service.Name, ["enabled"] = true, ["links"] = Keystone.Self(call, "/services/" + CatalogView.ServiceId(o.Type)),
    });

    private IEnumerable<JsonObject> Endpoints(Call call) => catalog.Templates().Select(e =>
    {
        e["links"] = Keystone.Self(call, "/endpoints/" + e["id"]);
        return e;
    });

    private JsonObject[] Regions(Call call) =>
        [new() { ["id"] = catalog.Region, ["description"] = "", ["parent_region_id"] = null, ["links"] = Keystone.Self(call, "/regions/" + catalog.Region) }];

    private static Task<Answer> List(Call call, string name, IEnumerable<JsonObject> all)
    {
        var rows = all.Where(o => new[] { "type", "name", "interface", "service_id", "region_id" }.All(f => call.QueryOr(f) is not { } wanted || o[f]?.ToString() == wanted)).ToList();
        return Task.FromResult(Keystone.List(call, name, new Kernel.Slice<JsonObject>(rows, false), o => o, o => o["id"]!.ToString()));
    }

    private static Task<Answer> One(Call call, string name, IEnumerable<JsonObject> all) =>
        Task.FromResult(Answer.Ok(new JsonObject { [name] = all.FirstOrDefault(o => o["id"]!.ToString() == call["id"]) ?? throw Keystone.Missing(name, call["id"]) }));
}
