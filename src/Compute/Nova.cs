using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute;

/// <summary>The service as clients see it: its microversions, and how a route says from and until which of them it exists.</summary>
internal static class Nova
{
    public static readonly Service Service = new()
    {
        Types = ["compute"], Name = "nova", Root = "/compute", CatalogPath = "/v2.1", Prefixes = ["/v2.1", "/v2.1/{project_id}", "/v2", "/v2/{project_id}"], Errors = ErrorStyle.Nova,
        Versions = new Microversions("compute", new(2, 1), new(2, 93), "X-OpenStack-Nova-API-Version"),
    };

    /// <summary>This route does not exist in microversion 2.<paramref name="minor"/> and later.</summary>
    public static Func<Call, Task<Answer>> Until(int minor, Func<Call, Task<Answer>> handler) => call => call.AtLeast(minor) ? throw NotHere(call) : handler(call);

    /// <summary>This route exists since microversion 2.<paramref name="minor"/>.</summary>
    public static Func<Call, Task<Answer>> Since(int minor, Func<Call, Task<Answer>> handler) => call => call.AtLeast(minor) ? handler(call) : throw NotHere(call);

    private static CloudError NotHere(Call call) => CloudError.NotFound($"The resource could not be found: microversion {call.Version} does not have it.");

    public static JsonArray Links(Call call, string path) =>
    [
        new JsonObject { ["rel"] = "self", ["href"] = call.Link("/compute/v2.1" + path) },
        new JsonObject { ["rel"] = "bookmark", ["href"] = call.Link("/compute" + path) },
    ];

    /// <summary>A list with Nova's next link below it when more rows follow.</summary>
    public static JsonObject List<T>(Call call, string name, Slice<T> slice, Func<T, JsonNode> wire, Func<T, string> id)
    {
        var body = new JsonObject { [name] = new JsonArray([.. slice.Rows.Select(wire)]) };
        if (slice.More) body[name + "_links"] = call.NextLinks(id(slice.Rows[^1]));
        return body;
    }

    public static CloudError BadMarker(string marker) => CloudError.Invalid($"marker [{marker}] not found");

    public static CloudError Denied(string right) => CloudError.Forbidden($"Policy doesn't allow os_compute_api:{right} to be performed.");

    /// <summary>Query parameters that this microversion does not know are refused from <paramref name="minor"/> on, and ignored before.</summary>
    public static void OnlyQuery(Call call, int minor, params IEnumerable<string> known)
    {
        if (call.AtLeast(minor) && call.QueryNames.Except(known).ToList() is { Count: > 0 } unknown)
            throw CloudError.Invalid($"Invalid query parameters: additional properties are not allowed ({string.Join(", ", unknown.Order().Select(n => n.Length > 80 ? n[..80] : n))}).");
    }
}
