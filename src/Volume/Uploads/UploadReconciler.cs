using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Uploads;

/// <summary>
/// Copies a volume into its queued image. The row stays until the image is active, so that a copy that was lost with
/// its process starts anew.
/// </summary>
internal sealed class UploadReconciler(Database database, IImages images, IHostLink link, IHostApplicationLifetime life, ILogger<UploadReconciler> log) : IReconciler
{
    public const string Work = "volume-upload";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private readonly Copies _copies = new();

    public string Kind => Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<VolumeDb>().Uploads.Select(u => u.VolumeId).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        if (_copies.Running(id)) return Next.In(Look);
        if (_copies.Refused(id) is { } why) await GiveUp(id, why);
        var (upload, volume, image) = await database.Read(async q =>
        {
            var row = await q.Db<VolumeDb>().Uploads.SingleOrDefaultAsync(u => u.VolumeId == id, ct);
            return (row, await q.Db<VolumeDb>().Volumes.SingleOrDefaultAsync(v => v.Id == id, ct), row is null ? null : await images.Find(q, row.ImageId));
        }, ct);
        if (upload is null) return Next.Done;
        if (volume is null || volume.Gone || image is null || image.Status is "active" or "deactivated")
        {
            await Forget(id);
            return Next.Done;
        }
        if (image.Status == "saving") return Next.In(Elsewhere); // another server copies, or died a moment ago and its lease runs out
        log.UploadStarted(id, upload.ImageId);
        _copies.Start(id, () => images.Fill(upload.ImageId, sink => link.ReadDisk(volume.HostId, new ReadDiskRequest { VolumeId = id, Raw = image.DiskFormat == "raw" }, sink, life.ApplicationStopping), life.ApplicationStopping), life.ApplicationStopping);
        return Next.In(Look);
    }

    /// <summary>What will not get better by trying again ends the copy; the image stays queued.</summary>
    private async Task GiveUp(string id, string why)
    {
        var upload = await database.Read(q => q.Db<VolumeDb>().Uploads.SingleOrDefaultAsync(u => u.VolumeId == id));
        log.UploadGivenUp(id, upload?.ImageId ?? "", why);
        await Forget(id);
    }

    private Task Forget(string id) => database.Write(Actor.System, async tx =>
    {
        await tx.Db<VolumeDb>().Uploads.Where(u => u.VolumeId == id).ExecuteDeleteAsync();
        tx.Changed(Public.IVolumes.VolumeChanged, id);
    });
}
