using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

internal sealed class CandidateApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Get("/allocation_candidates", "placement:read", List);
        r.Get("/resource_classes", "placement:read", Classes);
        r.Get("/traits", "placement:read", Traits);
    }

    private static readonly string[] Standard = ["VCPU", "MEMORY_MB", "DISK_GB"];

    private Task<Answer> Classes(Call call) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["resource_classes"] = new JsonArray([.. Standard.Concat(await q.Db<PlacementDb>().ResourceClasses.Select(c => c.Name).ToListAsync()).Select(n => new JsonObject
        {
            ["name"] = n, ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = "/placement/resource_classes/" + n }),
        })]),
    }));

    private Task<Answer> Traits(Call call) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["traits"] = new JsonArray([.. (await q.Db<PlacementDb>().Providers.Select(p => p.Traits).Distinct().ToListAsync())
            .SelectMany(t => System.Text.Json.JsonSerializer.Deserialize<List<string>>(t)!).Distinct().Order().Select(t => JsonValue.Create(t))]),
    }));

    /// <summary>Version 1.10: one candidate a provider that has room for all of it.</summary>
    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        if (!call.AtLeast(10)) throw CloudError.NotFound("allocation_candidates needs microversion 1.10 or later.");
        var wanted = ResourceQuery.Parse(call.QueryOr("resources") ?? throw CloudError.Invalid("'resources' is a required query parameter."));
        var db = q.Db<PlacementDb>();
        var inventories = (await db.Inventories.ToListAsync()).ToLookup(i => i.ProviderId);
        var fitting = inventories.Where(p => wanted.All(w => p.Any(i => i.Class == w.Key && i.Free >= w.Value && w.Value >= i.MinUnit && w.Value <= i.MaxUnit && w.Value % i.StepSize == 0))).OrderBy(p => p.Key).ToList();
        var requests = fitting.Select(p => new JsonObject
        {
            ["allocations"] = new JsonArray(new JsonObject { ["resource_provider"] = new JsonObject { ["uuid"] = p.Key }, ["resources"] = new JsonObject(wanted.Select(w => KeyValuePair.Create(w.Key, (JsonNode?)w.Value))) }),
        });
        var summaries = fitting.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)new JsonObject
        {
            ["resources"] = new JsonObject(p.Where(i => wanted.ContainsKey(i.Class)).Select(i => KeyValuePair.Create(i.Class, (JsonNode?)new JsonObject { ["capacity"] = i.Capacity, ["used"] = i.Used }))),
        }));
        return Answer.Ok(new JsonObject { ["allocation_requests"] = new JsonArray([.. requests]), ["provider_summaries"] = new JsonObject(summaries) });
    });
}

/// <summary>Our own dry run (A-N1): why given resources would or would not be placed, host by host.</summary>
internal sealed class ExplainApi(Database database, IAllocations allocations) : IApi
{
    public Service Service => new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r) => r.Ask("/placement/explain", "placement:explain", Explain);

    private async Task<Answer> Explain(Call call)
    {
        var body = await call.Body();
        var resources = body.Object("resources");
        var demand = new Demand
        {
            ConsumerId = "", ProjectId = call.Actor.ProjectId ?? "", UserId = call.Actor.UserId, Zone = body.TextOr("zone"), Arch = body.TextOr("arch"),
            Resources = resources.Names.ToList().ToDictionary(n => n, n => resources.Number(n, 0, int.MaxValue)),
        };
        body.Done();
        return await database.Read(async q =>
        {
            var verdicts = await allocations.Explain(q, demand);
            return Answer.Ok(new { placeable = verdicts.Any(v => v.Fits), message = verdicts.Any(v => v.Fits) ? null : allocations.Words(demand, verdicts), hosts = verdicts });
        });
    }
}
