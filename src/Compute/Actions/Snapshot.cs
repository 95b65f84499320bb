using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>createImage and createBackup: the root disk becomes an image. The copy is a reconciler's work; one that breaks begins anew, never half filled.</summary>
internal sealed class Snapshot(Database database, IImages images)
{
    private static readonly string[] From = ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"];

    public Task<Answer> Do(Call call, Fields body)
    {
        var (name, metadata) = (body.Text("name", 1), body.MapOr("metadata") ?? []);
        body.Done();
        metadata.TryAdd("image_type", "snapshot");
        return Make(call, name, metadata, "createImage", "server.create_image", null);
    }

    /// <summary>Only as many backups of this kind are kept as <c>rotation</c> says; the oldest go when the new one is complete.</summary>
    public Task<Answer> Backup(Call call, Fields body)
    {
        var (name, kind, rotation) = (body.Text("name", 1), body.Text("backup_type"), body.Number("rotation", 0, int.MaxValue));
        var metadata = body.MapOr("metadata") ?? [];
        body.Done();
        metadata["image_type"] = "backup";
        metadata["backup_type"] = kind;
        return Make(call, name, metadata, "createBackup", "server.create_backup", rotation);
    }

    private async Task<Answer> Make(Call call, string name, Dictionary<string, string> metadata, string action, string verb, long? rotation)
    {
        var imageId = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), row.Shelved ? ["SHELVED"] : From, action);
            if (rotation is not null && row.ImageId is null) throw CloudError.Invalid($"Backup is not supported for volume-backed instances: back up the volume of server {row.Id}.");
            await tx.Lock("snapshot:" + row.Id);
            if (await tx.Db<ComputeDb>().Snapshots.AnyAsync(s => s.ServerId == row.Id)) throw CloudError.Conflict($"Cannot '{action}' instance {row.Id} while it is in task_state image_uploading");
            metadata["instance_uuid"] = row.Id;
            metadata["base_image_ref"] = row.ImageId ?? "";
            foreach (var own in new[] { "min_disk", "min_ram" }) metadata.Remove(own);
            if (row.ImageId is not null) metadata["min_disk"] = row.DiskGib.ToString();
            var id = await images.CreateQueued(tx, name, "qcow2", metadata, row.ProjectId);
            tx.Db<ComputeDb>().Add(new SnapshotRow { ImageId = id, ServerId = row.Id, StartedAt = tx.Now, Rotation = rotation, BackupKind = rotation is null ? null : metadata["backup_type"] });
            tx.Wake(SnapshotReconciler.WorkKind, id);
            ServerActionRow.Add(tx, row.Id, row.ProjectId, action);
            tx.Audit(verb, "server", row.Id, row.ProjectId, new { image = id, name, rotation });
            return id;
        });
        if (call.AtLeast(45)) return Answer.AcceptedWith(new { image_id = imageId });
        return Answer.Accepted.With("Location", call.Link("/image/v2/images/" + imageId));
    }
}
