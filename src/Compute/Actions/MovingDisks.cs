using System.IO.Pipelines;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Carries the root disk of a server that moves to another host: the new host misses an image of the migration's id, and gets
/// the old host's disk as one flat file, read only after the guest has stopped there.
/// </summary>
internal sealed class MovingDisks(Database database, IHostLink link, TimeProvider clock) : IImageSource
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<ImageBytes?> Open(string imageId, CancellationToken ct)
    {
        var row = await database.Read(q => q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.DiskImageId == imageId && s.ResizeFrom != null && s.DeletedAt == null, ct), ct);
        if (row is null || Before.Of(row) is not { } before || before.MigrationId != imageId || !await Stopped(row.Id, before.HostId, ct)) return null;
        var pipe = new Pipe();
        _ = Task.Run(() => Fill(pipe.Writer, before.HostId, row.Id, ct), CancellationToken.None);
        return new ImageBytes(pipe.Reader.AsStream(), 0, "", "qcow2");
    }

    /// <summary>Waits a while for the guest to stop; after that the new host asks again.</summary>
    private async Task<bool> Stopped(string serverId, string hostId, CancellationToken ct)
    {
        for (var until = clock.GetUtcNow() + Patience; clock.GetUtcNow() < until; await Task.Delay(Look, clock, ct))
        {
            var place = await database.Read(q => q.Db<ComputeDb>().Places.SingleOrDefaultAsync(p => p.ServerId == serverId && p.HostId == hostId, ct), ct);
            if (place is null) return false;
            if (place.Seen == Servers.Power.Stopped && place.SeenGeneration >= place.Generation) return true;
        }
        return false;
    }

    private async Task Fill(PipeWriter writer, string hostId, string serverId, CancellationToken ct)
    {
        try
        {
            await using var into = writer.AsStream(leaveOpen: true);
            await link.ReadDisk(hostId, new ReadDiskRequest { ServerId = serverId }, into, ct);
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e); // the reader's side breaks, and the new host asks again
        }
    }
}
