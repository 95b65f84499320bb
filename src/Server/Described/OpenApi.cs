using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xiangyun.Wire;
using Route = Xiangyun.Wire.Route;

namespace Xiangyun.Server.Described;

/// <summary>
/// The OpenAPI document of our own API, made from the route table (so that no route is missing) and the declared
/// shapes. The OpenStack services are described by OpenStack; docs/compat says which operations there are.
/// </summary>
internal sealed partial class OpenApi(RouteTable table) : IApi
{
    public Service Service { get; } = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r) => r.Get("/openapi.json", Rules.Public, call => Task.FromResult(Answer.Ok(Document(call.Root))));

    private JsonObject Document(string root)
    {
        var paths = new JsonObject();
        foreach (var (service, route) in table.All.Where(r => r.Service.Root == Service.Root))
        {
            var path = service.Prefixes[0] + route.Path;
            if (paths[path] is not JsonObject item) paths[path] = item = new JsonObject { ["parameters"] = Parameters(path) };
            item[route.Method.ToLowerInvariant()] = Operation(route);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Xiangyun", ["version"] = "1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root + Service.Root }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = Shapes.All(),
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Auth-Token" } },
            },
        };
    }

    private static JsonObject Operation(Route route)
    {
        var (asks, answers, status) = Shapes.Of(route.Method, route.Path);
        var operation = new JsonObject
        {
            ["operationId"] = $"{route.Method.ToLowerInvariant()}{NotWord().Replace(route.Path, "_")}",
            ["x-xiangyun-rule"] = route.Rule,
            ["x-xiangyun-audit"] = route.Audit,
            ["responses"] = new JsonObject { [status] = Content(answers, "Done"), ["default"] = Content("Problem", "What was wrong, and the request id") },
        };
        if (route.Rule != Rules.Public) operation["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() });
        if (asks is not null) operation["requestBody"] = Content(asks, null);
        return operation;
    }

    private static JsonObject Content(string? shape, string? description)
    {
        var content = new JsonObject();
        if (description is not null) content["description"] = description;
        if (shape is not null) content["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/" + shape } } };
        return content;
    }

    private static JsonArray Parameters(string path) => [.. Parameter().Matches(path).Select(m => new JsonObject
    {
        ["name"] = m.Groups[1].Value, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
    })];

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
