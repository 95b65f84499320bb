using System.Text.Json.Nodes;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>GET /allocation_candidates: the ways to satisfy a request, and the providers that they are of.</summary>
internal sealed class CandidateApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r) => r.Look("/allocation_candidates", 10, List);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var request = RequestQuery.Read(call);
        await Names.MustBeClasses(q, request.Classes);
        await Names.MustBeTraits(q, request.Groups.SelectMany(g => g.Traits.Names).Concat(request.Root.Names));
        var forest = await Forest.Read(q);
        var found = new Search(forest, request, nested: call.AtLeast(29)).All().Take(request.Limit).ToList();
        var roots = found.SelectMany(c => c.Nodes).Select(n => n.Root.Id).ToHashSet();
        var shown = call.AtLeast(29) ? forest.Trees.Where(t => roots.Contains(t[0].Root.Id)).SelectMany(t => t) : found.SelectMany(c => c.Nodes).DistinctBy(n => n.Id);
        return Answer.Ok(new JsonObject
        {
            ["allocation_requests"] = new JsonArray([.. found.Select(c => One(call, c))]),
            ["provider_summaries"] = new JsonObject(shown.Select(n => KeyValuePair.Create(n.Id, (JsonNode?)Summary(call, n, request)))),
        });
    });

    private static JsonObject One(Call call, Candidate candidate)
    {
        var body = new JsonObject { ["allocations"] = Allocations(call, candidate) };
        if (call.AtLeast(34)) body["mappings"] = new JsonObject(candidate.Mapping.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)new JsonArray([.. m.Value.Select(n => JsonValue.Create(n.Id))]))));
        return body;
    }

    private static JsonNode Allocations(Call call, Candidate candidate)
    {
        var parts = candidate.Amounts.GroupBy(a => a.Key.Provider).Select(p => (p.Key, Resources: new JsonObject(p.Select(a => KeyValuePair.Create(a.Key.Class, (JsonNode?)a.Value)))));
        return call.AtLeast(12) ? new JsonObject(parts.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)new JsonObject { ["resources"] = p.Resources })))
            : new JsonArray([.. parts.Select(p => new JsonObject { ["resource_provider"] = new JsonObject { ["uuid"] = p.Key }, ["resources"] = p.Resources })]);
    }

    private static JsonObject Summary(Call call, Node node, Request request)
    {
        var shown = node.Inventory.Values.Where(i => call.AtLeast(27) || request.Classes.Contains(i.Class)).OrderBy(i => i.Class, StringComparer.Ordinal);
        var summary = new JsonObject { ["resources"] = new JsonObject(shown.Select(i => KeyValuePair.Create(i.Class, (JsonNode?)new JsonObject { ["capacity"] = i.Capacity, ["used"] = i.Used }))) };
        if (call.AtLeast(17)) summary["traits"] = JsonNode.Parse(node.Row.Traits);
        if (!call.AtLeast(29)) return summary;
        summary["parent_provider_uuid"] = node.Parent?.Id;
        summary["root_provider_uuid"] = node.Root.Id;
        return summary;
    }
}
