using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Providers;

internal sealed class InventoryApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Look("/resource_providers/{id}/inventories", 0, List);
        r.Put("/resource_providers/{id}/inventories", "placement:write", "inventory.set", SetAll);
        r.Look("/resource_providers/{id}/inventories/{class}", 0, Show);
        r.Put("/resource_providers/{id}/inventories/{class}", "placement:write", "inventory.set", SetOne);
        r.Delete("/resource_providers/{id}/inventories/{class}", "placement:write", "inventory.delete", Delete);
        r.Post("/resource_providers/{id}/inventories", "placement:write", "inventory.set", Create);
        r.Delete("/resource_providers/{id}/inventories", "placement:write", "inventory.delete", DeleteAll);
        r.Look("/resource_providers/{id}/usages", 0, Usages);
        r.Look("/resource_providers/{id}/allocations", 0, Allocations);
    }

    private static JsonObject Wire(InventoryRow i) => new()
    {
        ["total"] = i.Total, ["reserved"] = i.Reserved, ["min_unit"] = i.MinUnit, ["max_unit"] = i.MaxUnit, ["step_size"] = i.StepSize, ["allocation_ratio"] = i.Ratio,
    };

    public static InventoryRow Read(Fields body, string providerId, string name) => new()
    {
        ProviderId = providerId, Class = name, Total = body.Number("total", 1, int.MaxValue), Reserved = body.NumberOr("reserved", 0, int.MaxValue) ?? 0,
        MinUnit = body.NumberOr("min_unit", 1, int.MaxValue) ?? 1, MaxUnit = body.NumberOr("max_unit", 1, int.MaxValue) ?? int.MaxValue, StepSize = body.NumberOr("step_size", 1, int.MaxValue) ?? 1,
        Ratio = body.Raw("allocation_ratio") is not { } raw ? 1.0 : raw.ValueKind == System.Text.Json.JsonValueKind.Number && raw.TryGetDouble(out var ratio) && ratio is > 0 and < 1e6 ? ratio
            : throw CloudError.Invalid("allocation_ratio must be a number above 0."),
    };

    private Task<Answer> List(Call call) => database.Read(q => All(q, call["id"]));

    private static async Task<Answer> All(Query q, string id)
    {
        var provider = await ProviderStore.Find(q, id);
        var all = new JsonObject();
        foreach (var row in await q.Db<PlacementDb>().Inventories.Where(i => i.ProviderId == id).OrderBy(i => i.Class).ToListAsync()) all[row.Class] = Wire(row);
        return Answer.Ok(new JsonObject { ["inventories"] = all, ["resource_provider_generation"] = provider.Generation });
    }

    private static async Task<InventoryRow> Find(Query q, string id, string name)
    {
        await ProviderStore.Find(q, id);
        return await q.Db<PlacementDb>().Inventories.SingleOrDefaultAsync(i => i.ProviderId == id && i.Class == name) ?? throw CloudError.NotFound($"No inventory of class {name} found for resource provider {id}.");
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var body = Wire(await Find(q, call["id"], call["class"]));
        body["resource_provider_generation"] = (await ProviderStore.Find(q, call["id"])).Generation;
        return Answer.Ok(body);
    });

    private async Task<Answer> SetAll(Call call)
    {
        var body = await call.Body();
        var seen = body.Number("resource_provider_generation", 0, long.MaxValue);
        var given = body.Object("inventories");
        var wanted = given.Names.ToList().Select(n => Read(given.Object(n), call["id"], n)).ToList();
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            var provider = await ProviderStore.Find(tx, call["id"]);
            await Names.MustBeClasses(tx, wanted.Select(w => w.Class));
            foreach (var row in wanted) Reserve(call, row);
            await ProviderStore.Rise(tx, provider.Id, seen);
            var db = tx.Db<PlacementDb>();
            var names = wanted.Select(w => w.Class).ToList();
            await db.Inventories.Where(i => i.ProviderId == provider.Id && !names.Contains(i.Class) && i.Used == 0).ExecuteDeleteAsync();
            if (await db.Inventories.Where(i => i.ProviderId == provider.Id && !names.Contains(i.Class)).Select(i => i.Class).FirstOrDefaultAsync() is { } inUse)
                throw CloudError.Conflict($"Inventory for {inUse} on resource provider {provider.Id} in use.", "placement.inventory.inuse");
            foreach (var row in wanted) await Put(tx, row);
            await tx.Save();
            tx.Audit(call.Verb, "resource_provider", provider.Id, null, new { classes = names });
            return await All(tx, provider.Id);
        });
    }

    private async Task<Answer> SetOne(Call call)
    {
        var body = await call.Body();
        var seen = body.Number("resource_provider_generation", 0, long.MaxValue);
        var row = Read(body, call["id"], call["class"]);
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            await Find(tx, row.ProviderId, row.Class);
            Reserve(call, row);
            await ProviderStore.Rise(tx, row.ProviderId, seen);
            await Put(tx, row);
            tx.Audit(call.Verb, "resource_provider", row.ProviderId, null, new { row.Class, row.Total });
        });
        return await Show(call);
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body();
        var (name, seen) = (body.Text("resource_class", 1), body.NumberOr("resource_provider_generation", 0, long.MaxValue));
        var row = Read(body, call["id"], name);
        body.Done();
        var answer = await database.Write(call.Actor, async tx =>
        {
            var provider = await ProviderStore.Find(tx, row.ProviderId);
            await Names.MustBeClasses(tx, [name]);
            Reserve(call, row);
            if (await tx.Db<PlacementDb>().Inventories.AnyAsync(i => i.ProviderId == provider.Id && i.Class == name)) throw CloudError.Conflict($"Inventory of class {name} for resource provider {provider.Id} already exists.");
            await ProviderStore.Rise(tx, provider.Id, seen ?? provider.Generation);
            tx.Db<PlacementDb>().Add(row);
            tx.Audit(call.Verb, "resource_provider", provider.Id, null, new { row.Class, row.Total });
            var told = Wire(row);
            told["resource_provider_generation"] = (seen ?? provider.Generation) + 1;
            return Answer.Created(told);
        });
        return answer.With("Location", call.Link($"/placement/resource_providers/{row.ProviderId}/inventories/{name}"));
    }

    public static async Task Put(Tx tx, InventoryRow row)
    {
        var updated = await tx.Db<PlacementDb>().Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class).ExecuteUpdateAsync(s => s.SetProperty(i => i.Total, row.Total)
            .SetProperty(i => i.Reserved, row.Reserved).SetProperty(i => i.MinUnit, row.MinUnit).SetProperty(i => i.MaxUnit, row.MaxUnit).SetProperty(i => i.StepSize, row.StepSize).SetProperty(i => i.Ratio, row.Ratio));
        if (updated == 0) tx.Db<PlacementDb>().Add(row);
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await Find(tx, call["id"], call["class"]);
            if (await tx.Db<PlacementDb>().Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class && i.Used == 0).ExecuteDeleteAsync() == 0)
                throw CloudError.Conflict($"Inventory for {row.Class} on resource provider {row.ProviderId} in use.", "placement.inventory.inuse");
            await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.ProviderId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, p => p.Generation + 1));
            tx.Audit(call.Verb, "resource_provider", row.ProviderId, null, new { row.Class });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> DeleteAll(Call call)
    {
        Fresh.Since(call, 5);
        await database.Write(call.Actor, async tx =>
        {
            var provider = await ProviderStore.Find(tx, call["id"]);
            var rows = tx.Db<PlacementDb>().Inventories.Where(i => i.ProviderId == provider.Id);
            await rows.Where(i => i.Used == 0).ExecuteDeleteAsync();
            if (await rows.AnyAsync()) throw CloudError.Conflict($"Inventory on resource provider {provider.Id} in use.", "placement.inventory.inuse");
            await ProviderStore.Rise(tx, provider.Id, provider.Generation);
            tx.Audit(call.Verb, "resource_provider", provider.Id);
        });
        return Answer.NoContent;
    }

    /// <summary>All of a total may be reserved from 1.26 on, more never.</summary>
    private static void Reserve(Call call, InventoryRow row)
    {
        if (row.Reserved > row.Total || row.Reserved == row.Total && !call.AtLeast(26))
            throw CloudError.Invalid($"Invalid inventory for '{row.Class}' on resource provider '{row.ProviderId}': the reserved value is {(row.Reserved > row.Total ? "greater than" : "equal to")} the total.");
    }

    private Task<Answer> Usages(Call call) => database.Read(async q =>
    {
        var provider = await ProviderStore.Find(q, call["id"]);
        var usages = new JsonObject();
        foreach (var row in await q.Db<PlacementDb>().Inventories.Where(i => i.ProviderId == provider.Id).OrderBy(i => i.Class).ToListAsync()) usages[row.Class] = row.Used;
        return Answer.Ok(new JsonObject { ["usages"] = usages, ["resource_provider_generation"] = provider.Generation });
    });

    private Task<Answer> Allocations(Call call) => database.Read(async q =>
    {
        var provider = await ProviderStore.Find(q, call["id"]);
        var all = new JsonObject();
        foreach (var consumer in (await q.Db<PlacementDb>().Allocations.Where(a => a.ProviderId == provider.Id).ToListAsync()).GroupBy(a => a.ConsumerId))
            all[consumer.Key] = new JsonObject { ["resources"] = new JsonObject(consumer.Select(a => KeyValuePair.Create(a.Class, (JsonNode?)a.Amount))) };
        return Answer.Ok(new JsonObject { ["allocations"] = all, ["resource_provider_generation"] = provider.Generation });
    });
}
