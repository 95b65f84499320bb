using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

internal static class VolumeDeletion
{
    private static readonly string[] Deletable = ["available", "error", "error_extending", "error_deleting", "creating", "deleting"];

    /// <summary>A volume that is still being made may go too: otherwise one whose host died could not be got rid of.</summary>
    public static async Task Delete(Tx tx, Call call, string id, bool force)
    {
        var volume = await VolumeStore.Get(tx, call.Actor, id);
        var status = volume.Status(tx.Now);
        if (volume.Attachments.Count > 0)
            throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} is attached to server {volume.Attachments[0].ServerId}; detach it first. Its status is {status}.");
        if (volume.Row.GroupId is { } group && !force) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} belongs to group {group}: remove it from there first, or delete the group with its volumes.");
        if (!force && !Deletable.Contains(status))
            throw CloudError.Invalid($"Invalid volume: Volume status must be available or error or error_extending and must not be attached to be deleted, but it is {status}.");
        if (await tx.Db<VolumeDb>().Volumes.Where(v => v.SnapshotOf == volume.Row.Id && v.ProjectId != "").ToListAsync() is { Count: > 0 } snapshots)
        {
            if (!call.QueryFlag("cascade")) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} still has {snapshots.Count} dependent snapshots: delete them first, or ask for cascade.");
            foreach (var snapshot in await VolumeStore.Full(tx, snapshots)) await SnapshotStore.Delete(tx, snapshot, call.Verb, force);
        }
        if (await Copying(tx, volume.Row.Id) is { } copy) throw CloudError.Invalid($"Invalid volume: Volume {volume.Row.Id} is being copied into volume {copy}; wait until that is done.");
        if (!force && status == "available" && await RecycleRules.Keep(tx, "volume", volume.Row.Id, volume.Row.ProjectId) is { } until) await VolumeRecycling.Recycle(tx, volume.Row, until);
        else
        {
            await VolumeStore.Doom(tx, volume.Row);
            tx.Audit(call.Verb, "volume", volume.Row.Id, volume.Row.ProjectId, new { volume.Row.Name, force });
        }
    }

    /// <summary>The volume that is being made out of this one, if any.</summary>
    public static Task<string?> Copying(Query q, string id) =>
        q.Db<VolumeDb>().Volumes.Where(v => (v.SourceVolumeId == id && !v.Present || v.RefillFrom == id && v.SeenContent < v.Content) && !v.Gone && v.Fault == null).Select(v => v.Id).FirstOrDefaultAsync();
}
