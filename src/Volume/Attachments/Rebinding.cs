using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Attachments;

/// <summary>
/// A file is where its host is. A volume that no guest has written to yet is simply made anew on the server's host;
/// any other must already be there. Simulated hosts count as sharing their storage.
/// </summary>
internal sealed class Rebinding(IHosts hosts, IAllocations allocations)
{
    public async Task Reach(Tx tx, FullVolume volume, string serverHostId)
    {
        var row = volume.Row;
        if (row.HostId == serverHostId) return;
        var (here, there) = (await hosts.Find(tx, row.HostId), await hosts.Find(tx, serverHostId));
        if (here is { Simulated: true } && there is { Simulated: true }) return;
        if (row.AttachedOnce || row.Content > 0 || row.ImageId is not null || row.SourceVolumeId is not null)
            throw CloudError.Invalid($"Invalid volume: Volume {row.Id} lives on host {here?.Name ?? row.HostId} and the server runs on host {there?.Name ?? serverHostId}. "
                + "Volumes are files on one host's disks: attach it to a server on that host, or migrate the server there first.");
        await allocations.Release(tx, row.Id);
        await allocations.Claim(tx, new Demand
        {
            ConsumerId = row.Id, ProjectId = row.ProjectId, UserId = row.UserId, Resources = new Dictionary<string, long> { ["DISK_GB"] = row.SizeGib },
            Only = new HashSet<string> { serverHostId }, OnlyBecause = "is not the host of the server",
        });
        var db = tx.Db<VolumeDb>();
        // Back on a host that it left before: what is left there must not be removed any more.
        await db.Leftovers.Where(l => l.VolumeId == row.Id && l.HostId == serverHostId).ExecuteDeleteAsync();
        db.Add(new LeftoverRow { VolumeId = row.Id, HostId = row.HostId, Generation = row.Generation + 1 });
        await db.Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.HostId, serverHostId).SetProperty(v => v.Zone, there?.Zone ?? row.Zone).SetProperty(v => v.Generation, v => v.Generation + 1)
            .SetProperty(v => v.SeenGeneration, 0).SetProperty(v => v.Present, false).SetProperty(v => v.SeenSizeGib, 0).SetProperty(v => v.Fault, (string?)null));
        tx.Wake(FleetWork.Host, row.HostId);
        tx.Wake(FleetWork.Host, serverHostId);
    }
}
