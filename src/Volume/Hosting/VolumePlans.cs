using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Volume.Hosting;

/// <summary>The volumes of one host, and what it shall throw away.</summary>
internal sealed class VolumePlans : IHostPlanPart
{
    public async Task Contribute(Query q, string hostId, HostPlan plan)
    {
        var db = q.Db<VolumeDb>();
        foreach (var row in await db.Volumes.Where(v => v.HostId == hostId).ToListAsync())
        {
            var volume = new VolumePlan { Id = row.Id, Generation = row.Generation, SizeGib = row.SizeGib, Gone = row.Gone, Content = row.Content, Raw = row.Multiattach, Existing = row.SeenSizeGib > 0 && row.SeenContent == row.Content };
            if (row.RefillFrom is not null) volume.Source = new VolumeSource { VolumeId = row.RefillFrom };
            else if (row.ImageId is not null) volume.Source = new VolumeSource { ImageId = row.ImageId, ImageSha512 = row.ImageSha512 ?? "", ImageFormat = row.ImageFormat ?? "" };
            else if (row.SourceVolumeId is not null) volume.Source = new VolumeSource { VolumeId = row.SourceVolumeId };
            plan.Volumes.Add(volume);
        }
        foreach (var left in await db.Leftovers.Where(l => l.HostId == hostId).ToListAsync())
            plan.Volumes.Add(new VolumePlan { Id = left.VolumeId, Generation = left.Generation, Gone = true });
    }
}
