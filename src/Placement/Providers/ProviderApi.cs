using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Candidates;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Providers;

internal sealed class ProviderApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Root("", Versions);
        r.Look("/resource_providers", 0, List);
        r.Post("/resource_providers", "placement:write", "resource_provider.create", Create);
        r.Look("/resource_providers/{id}", 0, call => database.Read(q => Show(q, call, call["id"])));
        r.Put("/resource_providers/{id}", "placement:write", "resource_provider.update", Rename);
        r.Delete("/resource_providers/{id}", "placement:write", "resource_provider.delete", Delete);
        r.Look("/resource_providers/{id}/aggregates", 1, call => database.Read(async q => Aggregates(await ProviderStore.Find(q, call["id"]), call)));
        r.Put("/resource_providers/{id}/aggregates", "placement:write", "resource_provider.aggregates", SetAggregates);
        r.Look("/resource_providers/{id}/traits", 6, call => database.Read(async q => Traits(await ProviderStore.Find(q, call["id"]))));
        r.Delete("/resource_providers/{id}/traits", "placement:write", "resource_provider.traits", ClearTraits);
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

    private static async Task<Answer> Show(Query q, Call call, string id)
    {
        var row = await ProviderStore.Find(q, id);
        return Answer.Ok(Wire(row, await Lineage.Above(q, row), call));
    }

    private static JsonObject Wire(ProviderRow p, Lineage lineage, Call call)
    {
        var rels = new List<string> { "self", "inventories", "usages" };
        if (call.AtLeast(1)) rels.Add("aggregates");
        if (call.AtLeast(6)) rels.Add("traits");
        if (call.AtLeast(11)) rels.Add("allocations");
        var wire = new JsonObject
        {
            ["uuid"] = p.Id, ["name"] = p.Name, ["generation"] = p.Generation,
            ["links"] = new JsonArray([.. rels.Select(rel => new JsonObject { ["rel"] = rel, ["href"] = $"/placement/resource_providers/{p.Id}{(rel == "self" ? "" : "/" + rel)}" })]),
        };
        if (!call.AtLeast(14)) return wire;
        wire["parent_provider_uuid"] = p.ParentId;
        wire["root_provider_uuid"] = lineage.Root(p.Id);
        return wire;
    }

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var rows = q.Db<PlacementDb>().Providers.AsQueryable();
        if (call.QueryOr("name") is { } name) rows = rows.Where(p => p.Name == name);
        if (call.QueryOr("uuid") is { } id) rows = rows.Where(p => p.Id == id);
        var filter = ProviderFilter.Read(call);
        var lineage = await Lineage.Read(q);
        var found = await filter.Of(q, rows, lineage);
        return Answer.Ok(new JsonObject { ["resource_providers"] = new JsonArray([.. found.Select(p => Wire(p, lineage, call))]) });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var (name, id) = (body.Text("name", 1, 200), body.IdOr("uuid") ?? Id.New());
        var parent = Parent(call, body);
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var db = tx.Db<PlacementDb>();
            if (await db.Providers.AnyAsync(p => p.Id == id || p.Name == name)) throw CloudError.Conflict($"Conflicting resource provider name: {name} already exists.", "placement.duplicate_name");
            if (parent is not null) (await Lineage.Read(tx)).MustTake(id, parent);
            db.Add(new ProviderRow { Id = id, Name = name, ParentId = parent, CreatedAt = tx.Now });
            tx.Audit(call.Verb, "resource_provider", id, null, new { name, parent });
            await tx.Save();
            return (call.AtLeast(20) ? await Show(tx, call, id) : new Answer(201)).With("Location", call.Link($"/placement/resource_providers/{id}"));
        });
    }

    private static string? Parent(Call call, Fields body) => call.AtLeast(14) ? body.IdOr("parent_provider_uuid") : null;

    private async Task<Answer> Rename(Call call)
    {
        var body = await call.Body();
        var name = body.Text("name", 1, 200);
        var (parent, said) = (Parent(call, body), call.AtLeast(14) && body.Has("parent_provider_uuid"));
        body.Done();
        var row = await Change(call, async (tx, row) =>
        {
            await tx.Lock("placement");
            if (await tx.Db<PlacementDb>().Providers.AnyAsync(p => p.Name == name && p.Id != row.Id)) throw CloudError.Conflict($"Conflicting resource provider name: {name} already exists.", "placement.duplicate_name");
            if (said && parent != row.ParentId)
            {
                // Before 1.37 a provider could be put into another once, and stayed there.
                if (row.ParentId is not null && !call.AtLeast(37)) throw CloudError.Invalid("re-parenting a provider is not currently allowed.");
                if (parent is not null) (await Lineage.Read(tx)).MustTake(row.Id, parent);
            }
            var into = said ? parent : row.ParentId;
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name).SetProperty(p => p.ParentId, into));
        });
        return await database.Read(q => Show(q, call, row.Id));
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

    private static Answer Aggregates(ProviderRow row, Call call)
    {
        var body = new JsonObject { ["aggregates"] = JsonNode.Parse(row.Aggregates) };
        if (call.AtLeast(19)) body["resource_provider_generation"] = row.Generation;
        return Answer.Ok(body);
    }

    /// <summary>A bare list before 1.19, then an object with the generation that the caller saw.</summary>
    private async Task<Answer> SetAggregates(Call call)
    {
        Fresh.Since(call, 1);
        List<string> given;
        long? seen = null;
        if (call.AtLeast(19))
        {
            var body = await call.Body();
            (given, seen) = (body.TextsOr("aggregates") ?? throw CloudError.Invalid("'aggregates' is a required property."), body.Number("resource_provider_generation", 0, long.MaxValue));
            body.Done();
        }
        else
        {
            var json = await call.ReadJson();
            if (json.ValueKind != JsonValueKind.Array || json.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String)) throw CloudError.Invalid("The body must be a list of aggregate UUIDs.");
            given = [.. json.EnumerateArray().Select(e => e.GetString()!)];
        }
        var text = JsonSerializer.Serialize(given.Select(a => Id.Canonical(a) ?? throw CloudError.Invalid("Aggregates are a list of UUIDs.")).Distinct());
        var row = await Change(call, async (tx, row) =>
        {
            if (seen is { } generation) await ProviderStore.Rise(tx, row.Id, generation);
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Aggregates, text));
        });
        return Aggregates(row, call);
    }

    private static Answer Traits(ProviderRow row) => Answer.Ok(new JsonObject { ["traits"] = JsonNode.Parse(row.Traits), ["resource_provider_generation"] = row.Generation });

    private async Task<Answer> SetTraits(Call call)
    {
        Fresh.Since(call, 6);
        var body = await call.Body();
        var (traits, seen) = (body.TextsOr("traits") ?? [], body.Number("resource_provider_generation", 0, long.MaxValue));
        body.Done();
        var text = JsonSerializer.Serialize(traits.Distinct().Order());
        return Traits(await Change(call, async (tx, row) =>
        {
            await Names.MustBeTraits(tx, traits);
            await ProviderStore.Rise(tx, row.Id, seen);
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Traits, text));
        }));
    }

    private async Task<Answer> ClearTraits(Call call)
    {
        Fresh.Since(call, 6);
        await Change(call, async (tx, row) =>
        {
            await ProviderStore.Rise(tx, row.Id, row.Generation);
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Traits, "[]"));
        });
        return Answer.NoContent;
    }

    private Task<ProviderRow> Change(Call call, Func<Tx, ProviderRow, Task> change) => database.Write(call.Actor, async tx =>
    {
        var row = await ProviderStore.Find(tx, call["id"]);
        await change(tx, row);
        tx.Audit(call.Verb, "resource_provider", row.Id, null, new { row.Name });
        return await ProviderStore.Find(tx, row.Id);
    });
}
