using Microsoft.EntityFrameworkCore;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

/// <summary>Inventories as higher modules see them.</summary>
internal sealed class Rooms : IRooms
{
    public async Task<IReadOnlyList<Room>> All(Query q) => [.. (await q.Db<PlacementDb>().Inventories.ToListAsync()).Select(Of)];

    public async Task<ILookup<string, Booking>> BookedBy(Query q) => (await q.Db<PlacementDb>().Allocations.ToListAsync()).Select(a => new Booking(a.ConsumerId, a.ProviderId, a.Class, a.Amount)).ToLookup(b => b.ConsumerId);

    public static Room Of(InventoryRow i) => new(i.ProviderId, i.Class, i.Total, i.Reserved, i.Ratio, i.Capacity, i.Used);

    public async Task Overcommit(Tx tx, IReadOnlyCollection<string> hostIds, string resourceClass, double ratio)
    {
        var db = tx.Db<PlacementDb>();
        var other = await db.Inventories.Where(i => hostIds.Contains(i.ProviderId) && i.Class == resourceClass && i.Ratio != ratio).Select(i => i.ProviderId).ToListAsync();
        if (other.Count == 0) return;
        await db.Inventories.Where(i => other.Contains(i.ProviderId) && i.Class == resourceClass).ExecuteUpdateAsync(s => s.SetProperty(i => i.Ratio, ratio));
        await db.Providers.Where(p => other.Contains(p.Id)).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, p => p.Generation + 1));
    }
}
