using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;

namespace Xiangyun.Volume.Volumes;

/// <summary>A volume in the recycle bin keeps its bytes on its host and is in no list of Cinder.</summary>
internal sealed class VolumeRecycling : IRecycled
{
    public string Kind => "volume";

    public IQueryable<Recycled> Rows(Query q) => q.Db<VolumeDb>().Volumes.Where(v => v.RecycledAt != null && !v.Gone)
        .Select(v => new Recycled { Id = v.Id, Name = v.Name, ProjectId = v.ProjectId, DeletedAt = v.RecycledAt!.Value, Until = v.RecycledUntil!.Value });

    public static async Task Recycle(Tx tx, VolumeRow row, long until)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.RecycledAt, tx.Now).SetProperty(v => v.RecycledUntil, until).SetProperty(v => v.UpdatedAt, tx.Now));
        tx.Audit("volume.recycle", "volume", row.Id, row.ProjectId, new { row.Name, until = Clock.Seconds(until) });
    }

    public async Task Restore(Tx tx, Recycled thing)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == thing.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.RecycledAt, (long?)null).SetProperty(v => v.RecycledUntil, (long?)null).SetProperty(v => v.UpdatedAt, tx.Now));
        tx.Audit("volume.restore", "volume", thing.Id, thing.ProjectId, new { thing.Name });
    }

    public async Task Purge(Tx tx, Recycled thing)
    {
        await VolumeStore.Doom(tx, await tx.Db<VolumeDb>().Volumes.SingleAsync(v => v.Id == thing.Id));
        tx.Audit("volume.delete", "volume", thing.Id, thing.ProjectId, new { thing.Name });
    }
}
