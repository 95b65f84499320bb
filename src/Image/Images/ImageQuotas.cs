using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Image.Images;

/// <summary>Limits of one project, named as Glance's unified limits are.</summary>
internal static class ImageQuotas
{
    public const string Count = "image.image_count_total", Mebibytes = "image.image_size_total";
    public const long DefaultCount = 1000, DefaultMebibytes = 1024 * 1024;
    private const long Mib = 1024 * 1024;

    public static Task<int> UsedCount(Query q, string owner) => q.Db<ImageDb>().Images.CountAsync(i => i.OwnerId == owner);

    public static Task<long> UsedBytes(Query q, string owner) => q.Db<ImageDb>().Images.Where(i => i.OwnerId == owner).SumAsync(i => i.Size ?? 0);

    /// <summary>What belongs to nobody (a backup of a volume) is counted where it was asked for.</summary>
    public static async Task CheckCount(Tx tx, string owner)
    {
        if (owner.Length == 0) return;
        await tx.Lock("quota:" + owner);
        await Quotas.Check(tx, owner, Count, await UsedCount(tx, owner), 1, DefaultCount);
    }

    public static async Task CheckBytes(Tx tx, string owner, long bytes)
    {
        if (owner.Length == 0) return;
        await tx.Lock("quota:" + owner);
        await Quotas.Check(tx, owner, Mebibytes, (await UsedBytes(tx, owner) + Mib - 1) / Mib, (bytes + Mib - 1) / Mib, DefaultMebibytes);
    }

    /// <summary>Bytes that the project may still store.</summary>
    public static async Task<long> Room(Query q, string owner)
    {
        var limit = await Quotas.Limit(q, owner, Mebibytes, DefaultMebibytes);
        return limit < 0 ? long.MaxValue : Math.Max(0, limit * Mib - await UsedBytes(q, owner));
    }
}
