using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Rest;

/// <summary>Version documents and the list of extensions.</summary>
internal sealed class RootApi : IApi
{
    private const string Updated = "2026-01-01T00:00:00-00:00";
    private static readonly string[] Collections = ["networks", "subnets", "subnetpools", "address_scopes", "ports", "routers", "floatingips", "security_groups", "security_group_rules", "rbac_policies", "trunks", "quotas", "extensions", "agents", "availability_zones"];

    public Service Service => Neutron.Service;

    public void Map(Routes routes)
    {
        routes.Root("", Versions);
        routes.Root("/v2.0", Resources);
        routes.Get("/extensions", "token", call => Task.FromResult(Answer.Ok(new JsonObject { ["extensions"] = new JsonArray([.. Extensions.All.Select(Shown)]) })));
        routes.Get("/extensions/{id}", "token", call => Task.FromResult(Extensions.All.Where(e => e.Alias == call["id"]).Select(e => Answer.Ok(new JsonObject { ["extension"] = Shown(e) })).FirstOrDefault()
            ?? throw CloudError.NotFound($"Extension with alias {call["id"]} does not exist", "ExtensionNotFound")));
    }

    private Task<Answer> Versions(Call call) => Task.FromResult(Answer.Ok(new JsonObject
    {
        ["versions"] = new JsonArray(new JsonObject
        {
            ["id"] = "v2.0", ["status"] = "CURRENT",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link(Service.Root + "/v2.0/") }),
        }),
    }));

    private Task<Answer> Resources(Call call) => Task.FromResult(Answer.Ok(new JsonObject
    {
        ["resources"] = new JsonArray([.. Collections.Select(name => new JsonObject
        {
            ["name"] = name[..^1], ["collection"] = name,
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link($"{Service.Root}/v2.0/{name.Replace('_', '-')}") }),
        })]),
    }));

    private static JsonObject Shown((string Alias, string Name) extension) => new()
    {
        ["alias"] = extension.Alias, ["name"] = extension.Name, ["description"] = extension.Name, ["updated"] = Updated, ["links"] = new JsonArray(),
    };
}
