using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

/// <summary>Writes allocations and the used sums beside them, always both.</summary>
internal static class Counting
{
    /// <returns>false when one of the inventories has no room; nothing is to be kept of the transaction then.</returns>
    public static async Task<bool> Add(Tx tx, AllocationRow row)
    {
        var db = tx.Db<PlacementDb>();
        // The condition makes this safe for concurrent writers on PostgreSQL: the row lock orders them and the sum is read anew.
        var taken = await db.Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class && i.Used + row.Amount <= (i.Total - i.Reserved) * i.Ratio && row.Amount <= i.MaxUnit)
            .ExecuteUpdateAsync(s => s.SetProperty(i => i.Used, i => i.Used + row.Amount));
        if (taken == 0) return false;
        db.Add(row);
        await tx.Save();
        return true;
    }

    public static async Task<int> Remove(Tx tx, string consumerId)
    {
        var db = tx.Db<PlacementDb>();
        var rows = await db.Allocations.Where(a => a.ConsumerId == consumerId).ToListAsync();
        foreach (var row in rows)
            await db.Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class).ExecuteUpdateAsync(s => s.SetProperty(i => i.Used, i => i.Used - row.Amount));
        await db.Allocations.Where(a => a.ConsumerId == consumerId).ExecuteDeleteAsync();
        return rows.Count;
    }
}
