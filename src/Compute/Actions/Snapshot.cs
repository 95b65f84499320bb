using Xiangyun.Compute.Servers;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>createImage: the root disk becomes an image. The copy is a reconciler's work; one that breaks begins anew, never half filled.</summary>
internal sealed class Snapshot(Database database, IImages images)
{
    public async Task<Answer> Do(Call call, Fields body)
    {
        var (name, metadata) = (body.Text("name", 1), body.MapOr("metadata") ?? []);
        body.Done();
        var imageId = await database.Write(call.Actor, async tx =>
        {
            var found = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(found, ServerStatus.Of(found), ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"], "createImage");
            metadata["image_type"] = "snapshot";
            metadata["instance_uuid"] = found.Id;
            metadata["base_image_ref"] = found.ImageId ?? "";
            var id = await images.CreateQueued(tx, name, "qcow2", metadata, found.ProjectId);
            tx.Db<ComputeDb>().Add(new SnapshotRow { ImageId = id, ServerId = found.Id, StartedAt = tx.Now });
            tx.Wake(SnapshotReconciler.WorkKind, id);
            ServerActionRow.Add(tx, found.Id, found.ProjectId, "createImage");
            tx.Audit("server.create_image", "server", found.Id, found.ProjectId, new { image = id, name });
            return id;
        });
        return Answer.Accepted.With("Location", call.Link("/image/v2/images/" + imageId));
    }
}
