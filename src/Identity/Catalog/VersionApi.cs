using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Version documents: what a client asks before it has a token.</summary>
internal sealed class VersionApi : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Root("", call => Task.FromResult(new Answer(300, new JsonObject { ["versions"] = new JsonObject { ["values"] = new JsonArray(Version(call)) } })));
        r.Root("/v3", call => Task.FromResult(Answer.Ok(new JsonObject { ["version"] = Version(call) })));
    }

    private static JsonObject Version(Call call) => new()
    {
        ["id"] = "v3.14", ["status"] = "stable", ["updated"] = "2020-04-07T00:00:00Z",
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link("/identity/v3/") }),
        ["media-types"] = new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = "application/vnd.openstack.identity-v3+json" }),
    };
}
