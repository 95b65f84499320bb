using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Network.Data;

/// <summary>The few ways to write a resource: add it, replace its desired columns, note what was seen, delete it.</summary>
internal static class Rows
{
    private static readonly string[] Observed = ["ObservedGeneration", "Fault", "SeenUp"];

    public static async Task Insert<T>(this Tx tx, T row) where T : ResourceRow
    {
        row.CreatedAt = row.UpdatedAt = tx.Now;
        tx.Db<NetworkDb>().Add(row);
        await tx.Save();
    }

    /// <summary>Reads a row that will be changed: nobody else changes it until this transaction ends.</summary>
    public static async Task<T?> Hold<T>(this Tx tx, string id) where T : ResourceRow
    {
        await tx.Lock("network:" + id);
        return await tx.Db<NetworkDb>().Set<T>().SingleOrDefaultAsync(r => r.Id == id);
    }

    /// <summary>Writes the desired columns of a row that was read with <see cref="Hold"/>; its generation rises by one.</summary>
    public static async Task Put<T>(this Tx tx, T row) where T : ResourceRow
    {
        var seen = row.Generation++;
        row.UpdatedAt = tx.Now;
        var entry = tx.Db<NetworkDb>().Update(row);
        entry.Property(nameof(ResourceRow.Generation)).OriginalValue = seen;
        foreach (var property in entry.Properties.Where(p => Observed.Contains(p.Metadata.Name))) property.IsModified = false;
        await tx.Save();
    }

    /// <summary>Something that belongs to the row changed (a rule of a group, an interface of a router): its revision rises.</summary>
    public static Task Bump<T>(this Tx tx, string id) where T : ResourceRow =>
        tx.Db<NetworkDb>().Set<T>().Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Generation, r => r.Generation + 1).SetProperty(r => r.UpdatedAt, tx.Now));

    public static async Task Delete<T>(this Tx tx, string id) where T : ResourceRow
    {
        await tx.Db<NetworkDb>().Tags.Where(t => t.ResourceId == id).ExecuteDeleteAsync();
        await tx.Db<NetworkDb>().Sharings.Where(s => s.ObjectId == id).ExecuteDeleteAsync();
        await tx.Db<NetworkDb>().Set<T>().Where(r => r.Id == id).ExecuteDeleteAsync();
    }

    /// <summary>The world now equals this generation, unless a newer one was wanted meanwhile.</summary>
    public static async Task<bool> Seen<T>(this Tx tx, T row) where T : ResourceRow =>
        await tx.Db<NetworkDb>().Set<T>().Where(r => r.Id == row.Id && r.Generation == row.Generation)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.ObservedGeneration, row.Generation).SetProperty(r => r.Fault, (string?)null)) > 0;
}
