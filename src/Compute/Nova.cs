using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute;

/// <summary>The service as clients see it. Microversion 2.1 only: what is offered is implemented.</summary>
internal static class Nova
{
    public static readonly Service Service = new()
    {
        Types = ["compute"], Name = "nova", Root = "/compute", CatalogPath = "/v2.1", Prefixes = ["/v2.1", "/v2.1/{project_id}"], Errors = ErrorStyle.Nova,
        Versions = new Microversions("compute", new(2, 1), new(2, 1), "X-OpenStack-Nova-API-Version"),
    };

    public static JsonArray Links(Call call, string path) =>
    [
        new JsonObject { ["rel"] = "self", ["href"] = call.Link("/compute/v2.1" + path) },
        new JsonObject { ["rel"] = "bookmark", ["href"] = call.Link("/compute" + path) },
    ];

    /// <summary>A list with Nova's next link below it when more rows follow.</summary>
    public static JsonObject List<T>(Call call, string name, Slice<T> slice, Func<T, JsonNode> wire, Func<T, string> id)
    {
        var body = new JsonObject { [name] = new JsonArray([.. slice.Rows.Select(wire)]) };
        if (slice.More) body[name + "_links"] = new JsonArray(new JsonObject { ["rel"] = "next", ["href"] = call.NextLink(id(slice.Rows[^1])) });
        return body;
    }

    public static CloudError BadMarker(string marker) => CloudError.Invalid($"marker [{marker}] not found");
}
