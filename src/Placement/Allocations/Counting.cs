using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

/// <summary>Writes allocations and the used sums beside them, always both, always in the same order of rows.</summary>
internal static class Counting
{
    /// <returns>false when one of the inventories has no room; nothing is to be kept of the transaction then.</returns>
    public static async Task<bool> Add(Tx tx, AllocationRow row)
    {
        var db = tx.Db<PlacementDb>();
        // The condition makes this safe for concurrent writers on PostgreSQL: the row lock orders them and the sum is read anew.
        var taken = await db.Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class && i.Used + row.Amount <= (i.Total - i.Reserved) * i.Ratio
                && row.Amount >= i.MinUnit && row.Amount <= i.MaxUnit && row.Amount % i.StepSize == 0)
            .ExecuteUpdateAsync(s => s.SetProperty(i => i.Used, i => i.Used + row.Amount));
        if (taken == 0) return false;
        db.Add(row);
        await tx.Save();
        return true;
    }

    /// <returns>How many allocations this transaction removed. Of two that release the same consumer at once, one removes and counts.</returns>
    public static async Task<int> Remove(Tx tx, string consumerId)
    {
        var db = tx.Db<PlacementDb>();
        var removed = 0;
        foreach (var row in await db.Allocations.Where(a => a.ConsumerId == consumerId).OrderBy(a => a.ProviderId).ThenBy(a => a.Class).ToListAsync())
        {
            if (await db.Allocations.Where(a => a.ConsumerId == consumerId && a.ProviderId == row.ProviderId && a.Class == row.Class).ExecuteDeleteAsync() == 0) continue;
            await db.Inventories.Where(i => i.ProviderId == row.ProviderId && i.Class == row.Class).ExecuteUpdateAsync(s => s.SetProperty(i => i.Used, i => i.Used - row.Amount));
            removed++;
        }
        if (removed > 0) await db.Consumers.Where(c => c.Id == consumerId).ExecuteDeleteAsync();
        return removed;
    }
}
