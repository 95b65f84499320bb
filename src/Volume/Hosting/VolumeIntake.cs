using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Volume.Messages;
using Xiangyun.Volume.Operations;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Hosting;

/// <summary>Writes down what a host reports of its volumes. A report about an older wish than the last one seen is void.</summary>
internal sealed class VolumeIntake(IAllocations allocations, IEnumerable<IVolumeHolders> holders, ILogger<VolumeIntake> log) : ISeenIntake
{
    private const int Chunk = 400;

    public async Task Take(Tx tx, string hostId, Seen seen)
    {
        foreach (var part in seen.Volumes.Chunk(Chunk))
        {
            var ids = part.Select(v => v.Id).ToList();
            var db = tx.Db<VolumeDb>();
            var rows = await db.Volumes.Where(v => v.HostId == hostId && ids.Contains(v.Id)).ToDictionaryAsync(v => v.Id);
            foreach (var one in part)
            {
                if (rows.TryGetValue(one.Id, out var row)) await Take(tx, row, one);
                else if (one.Gone && await db.Leftovers.Where(l => l.VolumeId == one.Id && l.HostId == hostId).ExecuteDeleteAsync() > 0) tx.Wake(FleetWork.Host, hostId);
            }
        }
    }

    private async Task Take(Tx tx, VolumeRow row, VolumeSeen seen)
    {
        if (seen.Generation < row.SeenGeneration) return;
        if (row.Gone && seen.Gone && seen.Generation == row.Generation)
        {
            await VolumeStore.Remove(tx, allocations, row);
            return;
        }
        var fault = seen.Fault is { } f ? $"{f.Engine} {f.Verb}: {f.Message}" : null;
        // A size that was seen once stays known: it tells the host that the volume is not new (VolumePlans).
        var size = seen.Present ? (int)seen.SizeGib : row.SeenSizeGib;
        if (row.SeenGeneration == seen.Generation && row.Present == seen.Present && row.SeenSizeGib == size && row.SeenContent == seen.Content && row.Fault == fault) return;
        if (fault is not null && fault != row.Fault)
        {
            log.Faulty(row.Id, fault);
            if (!seen.Fault!.Transient) await MessageStore.Add(tx, row.ProjectId, row.SnapshotOf is null ? "VOLUME" : "VOLUME_SNAPSHOT", row.Id, "VOLUME_000003", $"The host could not do what was asked: {fault}");
        }
        var since = fault is null ? 0 : row.Fault is null ? tx.Now : row.FaultSince;
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id && v.HostId == row.HostId && v.SeenGeneration <= seen.Generation).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.SeenGeneration, seen.Generation).SetProperty(v => v.Present, seen.Present).SetProperty(v => v.SeenSizeGib, size).SetProperty(v => v.SeenContent, seen.Content)
            .SetProperty(v => v.Fault, fault).SetProperty(v => v.FaultTransient, seen.Fault is { Transient: true }).SetProperty(v => v.FaultSince, since));
        if (fault is null && seen.Present && size >= row.SizeGib && seen.Content >= row.Content && seen.Generation >= row.Generation) await VolumeActionRow.End(tx, row.Id);
        if (row.SeenSizeGib > 0 && row.SeenSizeGib < row.SizeGib && size >= row.SizeGib)
            foreach (var server in await tx.Db<VolumeDb>().Attachments.Where(a => a.VolumeId == row.Id && !a.ByHand).Select(a => a.ServerId).ToListAsync())
                foreach (var holder in holders) await holder.Grown(tx, server);
        if (row.SeenSizeGib == 0 && size > 0) tx.Wake(FleetWork.Host, row.HostId);
        tx.Changed(IVolumes.VolumeChanged, row.Id);
    }
}
