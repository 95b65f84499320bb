using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Attachments;

/// <summary>
/// Another volume in the place of an attached one, as the volume service asks for when it moves one. On real hosts the
/// running disk would have to be copied, which is not offered; simulated volumes hold no data.
/// </summary>
internal sealed class VolumeSwap(IVolumes volumes, IHosts hosts)
{
    public async Task Do(Tx tx, ServerRow row, AttachmentView old, string volumeId)
    {
        var to = await volumes.Find(tx, tx.Actor, volumeId) ?? throw CloudError.Invalid($"Volume {volumeId} could not be found.");
        var from = await volumes.Find(tx, tx.Actor, old.VolumeId);
        if (to.SizeGib < from?.SizeGib) throw CloudError.Invalid($"Invalid volume: volume {volumeId} is smaller than volume {old.VolumeId}.");
        if (from is { Multiattach: true } && from.Shared) throw CloudError.Invalid($"Volume {old.VolumeId} is attached to several servers, and more than one may write to it: it cannot be swapped.");
        if (await hosts.Find(tx, row.HostId!) is { Simulated: false })
            throw CloudError.Invalid($"Swapping volume {old.VolumeId} would copy a disk that is in use, which is not offered: detach it and attach volume {volumeId}.");
        await volumes.Detach(tx, old.VolumeId, row.Id);
        await volumes.Attach(tx, tx.Actor, volumeId, row.Id, null, deleteOnTermination: old.DeleteOnTermination, serverHostId: row.HostId);
    }
}
