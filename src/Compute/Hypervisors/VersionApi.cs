using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>
/// The version documents. Old clients expect v2.0 at the first place and a path of its own: it is 2.1 without
/// microversions, as in Nova.
/// </summary>
internal sealed class VersionApi : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Root("", call => Task.FromResult(Answer.Ok(new JsonObject { ["versions"] = new JsonArray(Legacy(call), Current(call)) })));
        r.Root("/v2.1", call => Document(Current(call), "2.1"));
        r.Root("/v2", call => Document(Legacy(call), "2"));
    }

    private static JsonArray Self(Call call, string path) => [new JsonObject { ["rel"] = "self", ["href"] = call.Link(path) }];

    private static JsonObject Legacy(Call call) => new()
    {
        ["id"] = "v2.0", ["status"] = "SUPPORTED", ["version"] = "", ["min_version"] = "", ["updated"] = "2011-01-21T11:33:21Z", ["links"] = Self(call, "/compute/v2/"),
    };

    private static JsonObject Current(Call call) => new()
    {
        ["id"] = "v2.1", ["status"] = "CURRENT", ["version"] = Nova.Service.Versions!.Max.ToString(), ["min_version"] = Nova.Service.Versions.Min.ToString(), ["updated"] = "2013-07-23T11:33:21Z", ["links"] = Self(call, "/compute/v2.1/"),
    };

    private static Task<Answer> Document(JsonObject version, string number)
    {
        version["media-types"] = new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = $"application/vnd.openstack.compute+json;version={number}" });
        return Task.FromResult(Answer.Ok(new JsonObject { ["version"] = version }));
    }
}
