using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

/// <summary>All inventories that one provider is to have after a reshape, and the steps to get there.</summary>
internal sealed record InventoryBody(string ProviderId, IReadOnlyList<InventoryRow> Rows, long Seen)
{
    public static InventoryBody Read(Fields body, string providerId)
    {
        var seen = body.Number("resource_provider_generation", 0, long.MaxValue);
        var given = body.Object("inventories");
        var rows = given.Names.ToList().Select(n => InventoryApi.Read(given.Object(n), providerId, n)).ToList();
        body.Done();
        if (rows.Find(r => r.Reserved > r.Total) is { } wrong) throw CloudError.Invalid($"Invalid inventory for '{wrong.Class}' on resource provider '{providerId}': the reserved value is greater than the total.");
        return new InventoryBody(providerId, rows, seen);
    }

    public async Task Check(Tx tx)
    {
        await ProviderStore.Find(tx, ProviderId);
        await Names.MustBeClasses(tx, Rows.Select(r => r.Class));
        await ProviderStore.Rise(tx, ProviderId, Seen);
    }

    /// <summary>The new inventories; classes that are to go stay until nobody holds of them.</summary>
    public async Task Widen(Tx tx)
    {
        foreach (var row in Rows) await InventoryApi.Put(tx, row);
        await tx.Save();
    }

    public async Task Settle(Tx tx)
    {
        var db = tx.Db<PlacementDb>();
        var names = Rows.Select(r => r.Class).ToList();
        await db.Inventories.Where(i => i.ProviderId == ProviderId && !names.Contains(i.Class) && i.Used == 0).ExecuteDeleteAsync();
        if (await db.Inventories.Where(i => i.ProviderId == ProviderId && !names.Contains(i.Class)).Select(i => i.Class).FirstOrDefaultAsync() is { } held)
            throw CloudError.Conflict($"Inventory for {held} on resource provider {ProviderId} in use.", "placement.inventory.inuse");
    }
}
