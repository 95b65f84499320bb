using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Reads a server's disk into its image. A copy may take longer than a turn of the loop, so it runs beside it; when this
/// process dies, the row is still there and another turn begins anew.
/// </summary>
internal sealed class SnapshotReconciler(Database database, IImages images, IVolumes volumes, IHostLink link, IHostApplicationLifetime life, ILogger<SnapshotReconciler> log) : IReconciler
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Task> _running = new();

    public const string WorkKind = "server.snapshot";

    public string Kind => WorkKind;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<ComputeDb>().Snapshots.Select(s => s.ImageId).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        if (_running.TryGetValue(id, out var copy))
        {
            if (!copy.IsCompleted) return Next.In(Look);
            _running.TryRemove(id, out _);
            await copy; // its fault is this turn's fault: kept, and tried again later
        }
        var (snapshot, server, image) = await database.Read(async q =>
        {
            var row = await q.Db<ComputeDb>().Snapshots.SingleOrDefaultAsync(s => s.ImageId == id, ct);
            return (row, row is null ? null : await q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == row.ServerId, ct), await images.Find(q, id));
        }, ct);
        if (snapshot is null) return Next.Done;
        if (image is not { Status: "queued" or "saving" } || server is null or { DeletedAt: not null } || server.HostId is null)
        {
            await database.Write(Actor.System, tx => Over(tx, snapshot, image, server), ct);
            return Next.Done;
        }
        if (server.ShelfImageId == id && server.Seen != Servers.Power.Stopped) return Next.In(TimeSpan.FromSeconds(1)); // a shelf keeps what the guest wrote last
        if (image.Status == "queued") _running[id] = Task.Run(() => Copy(id, server), CancellationToken.None);
        return Next.In(Look);
    }

    private async Task Over(Tx tx, SnapshotRow snapshot, ImageView? image, ServerRow? server)
    {
        await tx.Db<ComputeDb>().Snapshots.Where(s => s.ImageId == snapshot.ImageId).ExecuteDeleteAsync();
        await ServerActionRow.Copied(tx, snapshot, image is { Status: "active" } ? null : image is null ? "The image was deleted before its copy was complete." : "The server was deleted before the copy was complete.");
        if (server is null || image is not { Status: "active" }) return;
        if (server.ShelfImageId == image.Id)
        {
            await tx.Db<ComputeDb>().Servers.Where(s => s.Id == server.Id && s.ShelfImageId == image.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ShelfFull, true).SetProperty(x => x.UpdatedAt, tx.Now));
            tx.Wake(ServerStore.WorkKind, server.Id);
        }
        if (snapshot.Rotation is not { } keep) return;
        var all = (await images.OfServer(tx, server.Id, "backup")).Where(i => i.Status == "active" && i.Properties.GetValueOrDefault("backup_type") == snapshot.BackupKind).ToList();
        foreach (var old in all.Take(Math.Max(0, all.Count - (int)Math.Min(keep, int.MaxValue)))) await images.Delete(tx, old.Id);
    }

    /// <summary>The root disk: a file of its own, or the volume that it boots from.</summary>
    private async Task<ReadDiskRequest> Disk(ServerRow server)
    {
        if (server.ImageId is not null) return new ReadDiskRequest { ServerId = server.Id };
        var root = await database.Read(async q => (await volumes.OfServers(q, [server.Id]))[server.Id].FirstOrDefault(v => v.BootIndex == 0));
        return new ReadDiskRequest { VolumeId = root?.VolumeId ?? throw CloudError.Conflict($"Server {server.Id} has no volume to boot from any more.") };
    }

    private async Task Copy(string imageId, ServerRow server)
    {
        var stop = life.ApplicationStopping;
        try
        {
            await images.Fill(imageId, async into => await link.ReadDisk(server.HostId!, await Disk(server), into, stop), stop);
            await database.Write(Actor.System, tx =>
            {
                tx.Wake(WorkKind, imageId);
                return Task.CompletedTask;
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is CloudError or EngineFault or IOException)
        {
            log.SnapshotFailed(imageId, server.Id, e.Message);
            throw;
        }
    }
}
