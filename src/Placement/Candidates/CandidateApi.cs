using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>One candidate for each provider that has room for all of a request.</summary>
internal sealed class CandidateApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r) => r.Look("/allocation_candidates", 10, List);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var request = CandidateRequest.OfCandidates(call);
        await Names.MustBeClasses(q, request.Resources.Keys);
        await Names.MustBeTraits(q, request.Required.Concat(request.Forbidden));
        var inventories = (await q.Db<PlacementDb>().Inventories.ToListAsync()).ToLookup(i => i.ProviderId);
        var fitting = (await q.Db<PlacementDb>().Providers.OrderBy(p => p.Id).ToListAsync()).Where(p => request.Fits(p, inventories[p.Id])).Take(request.Limit ?? int.MaxValue).ToList();
        return Answer.Ok(new JsonObject
        {
            ["allocation_requests"] = new JsonArray([.. fitting.Select(p => new JsonObject { ["allocations"] = Allocations(call, p, request) })]),
            ["provider_summaries"] = new JsonObject(fitting.Select(p => KeyValuePair.Create(p.Id, (JsonNode?)Summary(call, p, inventories[p.Id], request)))),
        });
    });

    private static JsonNode Allocations(Call call, ProviderRow provider, CandidateRequest request)
    {
        var resources = new JsonObject(request.Resources.Select(w => KeyValuePair.Create(w.Key, (JsonNode?)w.Value)));
        return call.AtLeast(12) ? new JsonObject { [provider.Id] = new JsonObject { ["resources"] = resources } }
            : new JsonArray(new JsonObject { ["resource_provider"] = new JsonObject { ["uuid"] = provider.Id }, ["resources"] = resources });
    }

    private static JsonObject Summary(Call call, ProviderRow provider, IEnumerable<InventoryRow> inventory, CandidateRequest request)
    {
        var shown = inventory.Where(i => call.AtLeast(27) || request.Resources.ContainsKey(i.Class)).OrderBy(i => i.Class, StringComparer.Ordinal);
        var summary = new JsonObject { ["resources"] = new JsonObject(shown.Select(i => KeyValuePair.Create(i.Class, (JsonNode?)new JsonObject { ["capacity"] = i.Capacity, ["used"] = i.Used }))) };
        if (call.AtLeast(17)) summary["traits"] = JsonNode.Parse(provider.Traits);
        if (!call.AtLeast(29)) return summary;
        summary["parent_provider_uuid"] = null;
        summary["root_provider_uuid"] = provider.Id;
        return summary;
    }
}
