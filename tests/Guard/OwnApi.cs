using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Guard;

/// <summary>The description of our own API names every route of it, and real answers have the declared members.</summary>
public sealed class OwnApi() : CloudTests("sqlite")
{
    [Fact]
    public async Task the_document_names_every_route_with_its_rule()
    {
        var document = await Document();
        Assert.StartsWith("3.1", (string)document["openapi"]!);
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Service.Root == "/xiangyun"))
        {
            var operation = document["paths"]![service.Prefixes[0] + route.Path]?[route.Method.ToLowerInvariant()];
            Assert.True(operation is not null, $"{route.Method} {route.Path} is missing");
            Assert.Equal(route.Rule, (string?)operation["x-xiangyun-rule"]);
        }
    }

    [Fact]
    public async Task every_reference_of_the_document_leads_somewhere()
    {
        var document = await Document();
        foreach (var reference in References(document)) Assert.True(document["components"]!["schemas"]![reference.Split('/')[^1]] is not null, reference);
    }

    [Fact]
    public async Task a_listed_host_has_exactly_the_declared_members()
    {
        var declared = (await Document())["components"]!["schemas"]!["Host"]!["properties"]!.AsObject().Select(p => p.Key).Order();
        var host = (await Cloud.Admin.Get("/xiangyun/v1/hosts?limit=1")).Is(200)["hosts"].AsArray().Single()!.AsObject();
        Assert.Equal(declared, host.Select(p => p.Key).Order());
    }

    private async Task<JsonNode> Document() => (await Cloud.Nobody.Get("/xiangyun/v1/openapi.json")).Is(200).Json;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" ? [(string)p.Value!] : References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
