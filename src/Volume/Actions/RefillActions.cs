using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Actions;

/// <summary>The volume as it was at its newest snapshot, or as an image is.</summary>
internal sealed class RefillActions(IImages images) : IVolumeActions
{
    public IEnumerable<VolumeAction> All => [new("revert", Revert) { Since = 40 }, new("os-reimage", Reimage) { Since = 68 }];

    private static async Task<JsonObject?> Revert(Doing doing)
    {
        var id = doing.Needed.IdOr("snapshot_id") ?? throw CloudError.Invalid("'snapshot_id' is a required property.");
        doing.Must("revert", "available");
        var full = await SnapshotStore.Get(doing.Tx, doing.Call.Actor, id);
        var snapshot = full.Row;
        if (snapshot.SnapshotOf != doing.Row.Id) throw CloudError.Invalid($"Invalid snapshot: {id} is not a snapshot of volume {doing.Row.Id}.");
        if (full.Status(doing.Tx.Now) is var status and not "available") throw CloudError.Invalid($"Invalid snapshot: Snapshot {id} must be available, but its status is {status}.");
        var newest = await doing.Db.Volumes.Where(v => v.SnapshotOf == doing.Row.Id && v.ProjectId != "" && !v.Gone).OrderByDescending(v => v.CreatedAt).ThenByDescending(v => v.Id).Select(v => v.Id).FirstAsync();
        if (newest != id) throw CloudError.Invalid($"Invalid volume: volume {doing.Row.Id} can only be reverted to its newest snapshot, {newest}; delete the newer ones first.");
        if (snapshot.SizeGib != doing.Row.SizeGib) throw CloudError.Invalid($"Invalid volume: volume {doing.Row.Id} has {doing.Row.SizeGib} GiB and the snapshot {snapshot.SizeGib} GiB: it was extended since, and cannot shrink.");
        await Refill.OfSnapshot(doing.Tx, doing.Row, snapshot);
        return null;
    }

    private async Task<JsonObject?> Reimage(Doing doing)
    {
        var id = doing.Needed.IdOr("image_id") ?? throw CloudError.Invalid("'image_id' is a required property.");
        var reserved = doing.Needed.FlagOr("reimage_reserved") ?? false;
        if (reserved) doing.Must("re-image", "available", "error", "reserved");
        else doing.Must("re-image", "available", "error");
        var image = await images.Find(doing.Tx, doing.Call.Actor, id) ?? throw CloudError.Invalid($"Invalid image identifier or unable to access requested image: {id}.");
        await Refill.OfImage(doing.Tx, doing.Row, image, VolumeMaker.OfImage(image));
        return null;
    }
}
