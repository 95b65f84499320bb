using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Volume.Messages;
using Xiangyun.Volume.Uploads;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Backups;

/// <summary>Copies the snapshot of a backup from its host into the image store, and clears up behind what is done or deleted.</summary>
internal sealed class BackupReconciler(Database database, IImages images, IHostLink link, IHostApplicationLifetime life) : IReconciler
{
    public const string Work = "volume-backup";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private readonly Copies _copies = new();

    public string Kind => Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<VolumeDb>().Backups.Where(b => b.Gone || !b.Filled && b.Fault == null || b.SourceId != null).Select(b => b.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        if (_copies.Running(id)) return Next.In(Look);
        if (_copies.Refused(id) is { } why) await Give(id, why);
        var (row, image, source) = await database.Read(async q =>
        {
            var found = await q.Db<VolumeDb>().Backups.SingleOrDefaultAsync(b => b.Id == id, ct);
            return (found, found is null ? null : await images.Find(q, found.ImageId), found?.SourceId is null ? null : await q.Db<VolumeDb>().Volumes.SingleOrDefaultAsync(v => v.Id == found.SourceId, ct));
        }, ct);
        if (row is null) return Next.Done;
        if (row.Gone || row.Filled || row.Fault is not null)
        {
            await database.Write(Actor.System, tx => Clear(tx, row, source), ct);
            return Next.Done;
        }
        if (image is null || source is null) return await Give(id, image is null ? "its content was deleted from the image store" : "the snapshot that it is made of is gone");
        if (image.Status == "active") return await Done(id);
        if (image.Status == "saving") return Next.In(Elsewhere); // another server copies, or died a moment ago and its lease runs out
        if (source.Fault is { } fault && !source.FaultTransient) return await Give(id, fault);
        if (!source.Present) return Next.In(Look);
        _copies.Start(id, () => images.Fill(row.ImageId, sink => link.ReadDisk(source.HostId, new ReadDiskRequest { VolumeId = source.Id }, sink, life.ApplicationStopping), life.ApplicationStopping), life.ApplicationStopping);
        return Next.In(Look);
    }

    private Task<Next> Done(string id) => Set(id, s => s.SetProperty(b => b.Filled, true));

    private Task<Next> Give(string id, string why) => Set(id, s => s.SetProperty(b => b.Fault, why), why);

    /// <param name="why">What its owner is to be told, if anything.</param>
    private async Task<Next> Set(string id, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<BackupRow>> change, string? why = null)
    {
        await database.Write(Actor.System, async tx =>
        {
            var rows = tx.Db<VolumeDb>().Backups.Where(b => b.Id == id);
            await rows.ExecuteUpdateAsync(s => { change(s); s.SetProperty(b => b.UpdatedAt, tx.Now); });
            if (why is not null && await rows.SingleOrDefaultAsync() is { } row) await MessageStore.Add(tx, row.ProjectId, "VOLUME_BACKUP", id, "VOLUME_VOLUME_BACKUP_001", $"create backup: {why}");
        });
        return Next.In(TimeSpan.Zero);
    }

    private async Task Clear(Tx tx, BackupRow row, VolumeRow? source)
    {
        if (source is { ProjectId: "", Gone: false }) await VolumeStore.Doom(tx, source);
        var rows = tx.Db<VolumeDb>().Backups.Where(b => b.Id == row.Id);
        if (!row.Gone)
        {
            await rows.ExecuteUpdateAsync(s => s.SetProperty(b => b.SourceId, (string?)null));
            return;
        }
        await images.Delete(tx, row.ImageId);
        await rows.ExecuteDeleteAsync();
    }
}
