using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

internal sealed class AllocationApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Look("/allocations/{id}", 0, Show);
        r.Put("/allocations/{id}", "placement:write", "allocation.set", Set);
        r.Delete("/allocations/{id}", "placement:write", "allocation.delete", Delete);
        r.Post("/allocations", "placement:write", "allocation.set", SetMany);
        r.Post("/reshaper", "placement:write", "placement.reshape", Reshape);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var id = Id.Canonical(call["id"]) ?? throw CloudError.NotFound($"No allocations for consumer '{call["id"]}'");
        var rows = await q.Db<PlacementDb>().Allocations.Where(a => a.ConsumerId == id).ToListAsync();
        var all = new JsonObject();
        foreach (var provider in rows.GroupBy(a => a.ProviderId))
            all[provider.Key] = new JsonObject
            {
                ["generation"] = (await ProviderStore.Find(q, provider.Key)).Generation,
                ["resources"] = new JsonObject(provider.Select(a => KeyValuePair.Create(a.Class, (JsonNode?)a.Amount))),
            };
        var body = new JsonObject { ["allocations"] = all };
        if (rows.Count == 0 || !call.AtLeast(12)) return Answer.Ok(body);
        (body["project_id"], body["user_id"]) = (rows[0].ProjectId, rows[0].UserId);
        if (call.AtLeast(28)) body["consumer_generation"] = await Generation(q, id);
        if (call.AtLeast(38)) body["consumer_type"] = (await q.Db<PlacementDb>().Consumers.SingleOrDefaultAsync(c => c.Id == id))?.Type ?? ConsumerTypes.Unknown;
        return Answer.Ok(body);
    });

    /// <summary>null: the consumer holds nothing. What Compute claimed and nobody wrote through this API has generation 0.</summary>
    private static async Task<long?> Generation(Query q, string consumer) =>
        await q.Db<PlacementDb>().Consumers.SingleOrDefaultAsync(c => c.Id == consumer) is { } row ? row.Generation
        : await q.Db<PlacementDb>().Allocations.AnyAsync(a => a.ConsumerId == consumer) ? 0 : null;

    private async Task<Answer> Set(Call call)
    {
        var wanted = AllocationBody.Read(call, call["id"], await call.Body(), emptyAllowed: false);
        await database.Write(call.Actor, tx => Replace(call, tx, [wanted]));
        return Answer.NoContent;
    }

    /// <summary>Several consumers at once, all or nothing: a move gives one's resources to another.</summary>
    private async Task<Answer> SetMany(Call call)
    {
        Fresh.Since(call, 13);
        var body = await call.Body();
        var wanted = body.Names.ToList().Select(consumer => AllocationBody.Read(call, consumer, body.Object(consumer), emptyAllowed: true)).ToList();
        if (wanted.Count == 0) throw CloudError.Invalid("The body must name at least one consumer.");
        await database.Write(call.Actor, tx => Replace(call, tx, wanted));
        return Answer.NoContent;
    }

    /// <summary>
    /// Inventories and allocations at once, as when what a host had moves to providers inside it. In between there may be more
    /// taken than there is; at the end there must not.
    /// </summary>
    private async Task<Answer> Reshape(Call call)
    {
        Fresh.Since(call, 30);
        var body = await call.Body();
        var (stock, consumers) = (body.Object("inventories"), body.Object("allocations"));
        var inventories = stock.Names.ToList().Select(id => InventoryBody.Read(stock.Object(id), Id.Canonical(id) ?? throw CloudError.Invalid($"'{id}' is not the UUID of a resource provider."))).ToList();
        var wanted = consumers.Names.ToList().Select(consumer => AllocationBody.Read(call, consumer, consumers.Object(consumer), emptyAllowed: true)).ToList();
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            await tx.Lock("placement");
            foreach (var one in inventories) await one.Check(tx);
            var generations = await Freed(tx, wanted);
            foreach (var one in inventories) await one.Widen(tx);
            foreach (var one in wanted) await Take(call, tx, one, (generations[one.ConsumerId] ?? 0) + 1);
            foreach (var one in inventories) await one.Settle(tx);
            tx.Audit(call.Verb, "resource_provider", string.Join(',', inventories.Select(i => i.ProviderId).Take(5)));
        });
        return Answer.NoContent;
    }

    private static async Task Replace(Call call, Tx tx, IReadOnlyList<AllocationBody> wanted)
    {
        await tx.Lock("placement");
        var generations = await Freed(tx, wanted);
        foreach (var one in wanted) await Take(call, tx, one, (generations[one.ConsumerId] ?? 0) + 1);
    }

    /// <summary>Takes away what the consumers hold, and tells the generations that they had.</summary>
    private static async Task<Dictionary<string, long?>> Freed(Tx tx, IReadOnlyList<AllocationBody> wanted)
    {
        var generations = new Dictionary<string, long?>();
        foreach (var one in wanted)
        {
            var known = generations[one.ConsumerId] = await Generation(tx, one.ConsumerId);
            if (one.Guarded && known != one.Generation)
                throw CloudError.Conflict($"consumer generation conflict - expected {known?.ToString() ?? "null"} but got {one.Generation?.ToString() ?? "null"}", ProviderStore.ConcurrentUpdate);
        }
        foreach (var one in wanted) await Counting.Remove(tx, one.ConsumerId);
        return generations;
    }

    private static async Task Take(Call call, Tx tx, AllocationBody one, long generation)
    {
        await Names.MustBeClasses(tx, one.Rows.Select(r => r.Class));
        foreach (var row in one.Rows)
        {
            if (await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.ProviderId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, p => p.Generation + 1)) == 0)
                throw CloudError.Invalid($"Allocation for resource provider '{row.ProviderId}' that does not exist.");
            if (!await Counting.Add(tx, row))
                throw CloudError.Conflict($"Unable to create allocation for '{row.Class}' on resource provider '{row.ProviderId}'. The requested amount would exceed the capacity or does not suit its units.");
        }
        if (one.Rows.Count > 0) tx.Db<PlacementDb>().Add(new ConsumerRow { Id = one.ConsumerId, Generation = generation, Type = one.Type == ConsumerTypes.Unknown ? null : one.Type });
        tx.Audit(call.Verb, "allocation", one.ConsumerId, one.Rows.Count > 0 ? one.Rows[0].ProjectId : null);
    }

    private async Task<Answer> Delete(Call call)
    {
        var id = Id.Canonical(call["id"]) ?? throw CloudError.NotFound($"No allocations for consumer '{call["id"]}'");
        await database.Write(call.Actor, async tx =>
        {
            if (await Counting.Remove(tx, id) == 0) throw CloudError.NotFound($"No allocations for consumer '{call["id"]}'");
            tx.Audit(call.Verb, "allocation", id);
        });
        return Answer.NoContent;
    }
}
