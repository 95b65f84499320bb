using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Hosting;

/// <summary>
/// What no host can report: a volume that was to be made of an image that has been deleted meanwhile never will be, and
/// a volume whose host was taken out of the cloud has nobody left who could remove it.
/// </summary>
internal sealed class VolumeReconciler(Database database, IHosts hosts, IImages images, IAllocations allocations) : IReconciler
{
    public const string Work = "volume";

    public string Kind => Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) =>
        await q.Db<VolumeDb>().Volumes.Where(v => v.Gone || !v.Present || v.SeenGeneration != v.Generation || v.Fault != null).Select(v => v.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        await database.Write(Actor.System, async tx =>
        {
            var row = await tx.Db<VolumeDb>().Volumes.SingleOrDefaultAsync(v => v.Id == id, ct);
            if (row is null) return;
            if (await hosts.Find(tx, row.HostId) is null)
            {
                if (row.Gone) await VolumeStore.Remove(tx, allocations, row);
                else await Fault(tx, row, "the host that held this volume was removed from the cloud");
                return;
            }
            if ((!row.Present || row.SeenContent < row.Content && row.RefillFrom is null) && !row.Gone && row.ImageId is { } image && row.Fault is null && await images.Find(tx, image) is null)
                await Fault(tx, row, $"image {image} was deleted before the volume was made of it");
        }, ct);
        return Next.Done;
    }

    private static async Task Fault(Tx tx, VolumeRow row, string why)
    {
        if (row.Fault == why) return;
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id && v.Generation == row.Generation).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.Fault, why).SetProperty(v => v.FaultTransient, false).SetProperty(v => v.FaultSince, tx.Now).SetProperty(v => v.SeenGeneration, row.Generation));
        tx.Changed(IVolumes.VolumeChanged, row.Id);
    }
}
