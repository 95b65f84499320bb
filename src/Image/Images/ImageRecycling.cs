using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;

namespace Xiangyun.Image.Images;

/// <summary>An image in the recycle bin keeps its file, so that servers made of it can still be rebuilt, and is in no list of Glance.</summary>
internal sealed class ImageRecycling : IRecycled
{
    public string Kind => "image";

    public IQueryable<Recycled> Rows(Query q) => q.Db<ImageDb>().Images.Where(i => i.RecycledAt != null)
        .Select(i => new Recycled { Id = i.Id, Name = i.Name, ProjectId = i.OwnerId, DeletedAt = i.RecycledAt!.Value, Until = i.RecycledUntil!.Value });

    public static async Task Recycle(Tx tx, ImageRow row, long until)
    {
        await tx.Db<ImageDb>().Images.Where(i => i.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.RecycledAt, tx.Now).SetProperty(i => i.RecycledUntil, until).SetProperty(i => i.UpdatedAt, tx.Now));
        tx.Audit("image.recycle", "image", row.Id, row.OwnerId, new { row.Name, until = Clock.Seconds(until) });
    }

    public async Task Restore(Tx tx, Recycled thing)
    {
        await tx.Db<ImageDb>().Images.Where(i => i.Id == thing.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.RecycledAt, (long?)null).SetProperty(i => i.RecycledUntil, (long?)null).SetProperty(i => i.UpdatedAt, tx.Now));
        tx.Audit("image.restore", "image", thing.Id, thing.ProjectId, new { thing.Name });
    }

    public async Task Purge(Tx tx, Recycled thing) => await ImageStore.Purge(tx, await tx.Db<ImageDb>().Images.SingleAsync(i => i.Id == thing.Id));
}
