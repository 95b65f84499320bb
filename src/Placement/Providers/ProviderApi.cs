using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Providers;

internal sealed class ProviderApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Root("", Versions);
        r.Get("/resource_providers", "placement:read", List);
        r.Post("/resource_providers", "placement:write", "resource_provider.create", Create);
        r.Get("/resource_providers/{id}", "placement:read", call => database.Read(async q => Answer.Ok(Wire(await ProviderStore.Find(q, call["id"]), call))));
        r.Put("/resource_providers/{id}", "placement:write", "resource_provider.update", Rename);
        r.Delete("/resource_providers/{id}", "placement:write", "resource_provider.delete", Delete);
        r.Get("/resource_providers/{id}/aggregates", "placement:read", call => database.Read(async q => Answer.Ok(new JsonObject { ["aggregates"] = JsonNode.Parse((await ProviderStore.Find(q, call["id"])).Aggregates) })));
        r.Put("/resource_providers/{id}/aggregates", "placement:write", "resource_provider.aggregates", SetAggregates);
        r.Get("/resource_providers/{id}/traits", "placement:read", call => database.Read(async q => Traits(await ProviderStore.Find(q, call["id"]))));
        r.Put("/resource_providers/{id}/traits", "placement:write", "resource_provider.traits", SetTraits);
    }

    private static Task<Answer> Versions(Call call) => Task.FromResult(Answer.Ok(new JsonObject
    {
        ["versions"] = new JsonArray(new JsonObject
        {
            ["id"] = "v1.0", ["min_version"] = "1.0", ["max_version"] = PlacementService.Service.Versions!.Max.ToString(), ["status"] = "CURRENT",
            ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = "" }),
        }),
    }));

    public static JsonObject Wire(ProviderRow p, Call call)
    {
        var rels = new List<string> { "self", "inventories", "usages" };
        if (call.AtLeast(1)) rels.Add("aggregates");
        if (call.AtLeast(6)) rels.Add("traits");
        return new JsonObject
        {
            ["uuid"] = p.Id, ["name"] = p.Name, ["generation"] = p.Generation,
            ["links"] = new JsonArray([.. rels.Select(rel => new JsonObject { ["rel"] = rel, ["href"] = $"/placement/resource_providers/{p.Id}{(rel == "self" ? "" : "/" + rel)}" })]),
        };
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<PlacementDb>().Providers.AsQueryable();
        if (call.QueryOr("name") is { } name) rows = rows.Where(p => p.Name == name);
        if (call.QueryOr("uuid") is { } id) rows = rows.Where(p => p.Id == id);
        var found = await rows.OrderBy(p => p.Id).ToListAsync();
        if (call.AtLeast(3) && call.QueryOr("member_of") is { } members)
        {
            var wanted = (members.StartsWith("in:", StringComparison.Ordinal) ? members[3..] : members).Split(',');
            found = [.. found.Where(p => JsonSerializer.Deserialize<List<string>>(p.Aggregates)!.Intersect(wanted).Any())];
        }
        if (call.AtLeast(4) && call.QueryOr("resources") is { } resources)
        {
            var wanted = Candidates.ResourceQuery.Parse(resources);
            var inventories = (await q.Db<PlacementDb>().Inventories.ToListAsync()).ToLookup(i => i.ProviderId);
            found = [.. found.Where(p => wanted.All(w => inventories[p.Id].Any(i => i.Class == w.Key && i.Free >= w.Value && w.Value <= i.MaxUnit)))];
        }
        return Answer.Ok(new JsonObject { ["resource_providers"] = new JsonArray([.. found.Select(p => Wire(p, call))]) });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var (name, id) = (body.Text("name", 1, 200), body.IdOr("uuid") ?? Id.New());
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var db = tx.Db<PlacementDb>();
            if (await db.Providers.AnyAsync(p => p.Id == id || p.Name == name)) throw CloudError.Conflict($"Conflicting resource provider name: {name} already exists.", "placement.duplicate_name");
            db.Add(new ProviderRow { Id = id, Name = name, CreatedAt = tx.Now });
            tx.Audit(call.Verb, "resource_provider", id, null, new { name });
        });
        return new Answer(201).With("Location", call.Link($"/placement/resource_providers/{id}"));
    }

    private async Task<Answer> Rename(Call call)
    {
        var body = await call.Body();
        var name = body.Text("name", 1, 200);
        body.Done();
        return Answer.Ok(Wire(await Change(call, async (tx, row) =>
        {
            if (await tx.Db<PlacementDb>().Providers.AnyAsync(p => p.Name == name && p.Id != row.Id)) throw CloudError.Conflict($"Conflicting resource provider name: {name} already exists.", "placement.duplicate_name");
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name));
        }), call));
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ProviderStore.Find(tx, call["id"]);
            if (await tx.Db<PlacementDb>().Allocations.AnyAsync(a => a.ProviderId == row.Id)) throw CloudError.Conflict($"Unable to delete resource provider {row.Id}: it has allocations.", "placement.resource_provider.inuse");
            await ProviderStore.Remove(tx.Db<PlacementDb>(), row.Id);
            tx.Audit(call.Verb, "resource_provider", row.Id, null, new { row.Name });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> SetAggregates(Call call)
    {
        var ids = (await call.ReadJson()).ValueKind == JsonValueKind.Array ? (await call.ReadJson()).EnumerateArray().Select(e => Id.Canonical(e.GetString()) ?? throw CloudError.Invalid("Aggregates are a list of UUIDs.")).ToList()
            : throw CloudError.Invalid("The body must be a list of aggregate UUIDs.");
        var text = JsonSerializer.Serialize(ids.Distinct());
        await Change(call, (tx, row) => tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Aggregates, text)));
        return Answer.Ok(new JsonObject { ["aggregates"] = JsonNode.Parse(text) });
    }

    private static Answer Traits(ProviderRow row) => Answer.Ok(new JsonObject { ["traits"] = JsonNode.Parse(row.Traits), ["resource_provider_generation"] = row.Generation });

    private async Task<Answer> SetTraits(Call call)
    {
        var body = await call.Body();
        var (traits, seen) = (body.TextsOr("traits") ?? [], body.Number("resource_provider_generation", 0, long.MaxValue));
        body.Done();
        var text = JsonSerializer.Serialize(traits.Distinct().Order());
        return Traits(await Change(call, async (tx, row) =>
        {
            await ProviderStore.Rise(tx, row.Id, seen);
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Traits, text));
        }));
    }

    private Task<ProviderRow> Change(Call call, Func<Tx, ProviderRow, Task> change) => database.Write(call.Actor, async tx =>
    {
        var row = await ProviderStore.Find(tx, call["id"]);
        await change(tx, row);
        tx.Audit(call.Verb, "resource_provider", row.Id, null, new { row.Name });
        return await ProviderStore.Find(tx, row.Id);
    });
}
