using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Placement.Providers;

internal static class ProviderStore
{
    public const string ConcurrentUpdate = "placement.concurrent_update";

    public static List<string> List(string json) => System.Text.Json.JsonSerializer.Deserialize<List<string>>(json)!;

    public static async Task<ProviderRow> Find(Query q, string id) =>
        await q.Db<PlacementDb>().Providers.SingleOrDefaultAsync(p => p.Id == id) ?? throw CloudError.NotFound($"No resource provider with uuid {id} found");

    public static async Task Remove(PlacementDb db, string id)
    {
        if (await db.Providers.AnyAsync(p => p.ParentId == id)) throw CloudError.Conflict($"Unable to delete parent resource provider {id}: It has child resource providers.", "placement.resource_provider.cannot_delete_parent");
        await db.Inventories.Where(i => i.ProviderId == id && i.Used == 0).ExecuteDeleteAsync();
        if (await db.Inventories.AnyAsync(i => i.ProviderId == id)) throw CloudError.Conflict($"Unable to delete resource provider {id}: it has allocations.", "placement.resource_provider.inuse");
        await db.Providers.Where(p => p.Id == id).ExecuteDeleteAsync();
    }

    /// <summary>Raises the generation if it is still the one that the caller saw; another writer was quicker otherwise.</summary>
    public static async Task Rise(Tx tx, string id, long seen)
    {
        if (await tx.Db<PlacementDb>().Providers.Where(p => p.Id == id && p.Generation == seen).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, seen + 1)) == 0)
            throw CloudError.Conflict("resource provider generation conflict: it was changed by another request; read it again and repeat.", ConcurrentUpdate);
    }
}
