using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>Reads a disk as one flat qcow2, or as its bare bytes: a running guest's through its engine (a point in time), else the file itself.</summary>
internal static class DiskReading
{
    private const int Part = 256 * 1024;

    public static async Task Read(Workplace at, ReadDiskRequest request, Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ct)
    {
        var disk = request.VolumeId.Length > 0 ? await at.Disks.LookVolume(request.VolumeId, ct) : await at.Disks.LookRoot(request.ServerId, ct);
        if (disk is null) throw CloudError.NotFound("This host has no such disk.");
        var user = request.VolumeId.Length > 0 ? at.Board.UserOf(request.VolumeId) : request.ServerId;
        var copy = at.Disks.Scratch();
        try
        {
            if (user is not null && await at.Guests.Look(user, ct) is { Power: GuestPower.Running or GuestPower.Paused }) await at.Guests.Copy(user, disk.File, copy, ct);
            else await at.Disks.Flatten(disk, copy, ct, request.Raw);
            await using var stream = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            var buffer = new byte[Part];
            for (int n; (n = await stream.ReadAsync(buffer, ct)) > 0;)
                await write(buffer.AsSpan(0, n).ToArray());
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
