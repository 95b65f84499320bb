using Microsoft.Extensions.Logging;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>createImage: the root disk becomes an image. The copy runs in the background; a copy that breaks leaves the image queued, never half filled.</summary>
internal sealed class Snapshot(Database database, IImages images, IHostLink link, ILogger<Snapshot> log)
{
    public async Task<Answer> Do(Call call, Fields body)
    {
        var (name, metadata) = (body.Text("name", 1), body.MapOr("metadata") ?? []);
        body.Done();
        var (imageId, row) = await database.Write(call.Actor, async tx =>
        {
            var found = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(found, ServerStatus.Of(found), ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"], "createImage");
            metadata["image_type"] = "snapshot";
            metadata["instance_uuid"] = found.Id;
            metadata["base_image_ref"] = found.ImageId ?? "";
            var id = await images.CreateQueued(tx, name, "qcow2", metadata, found.ProjectId);
            ServerActionRow.Add(tx, found.Id, found.ProjectId, "createImage");
            tx.Audit("server.create_image", "server", found.Id, found.ProjectId, new { image = id, name });
            return (id, found);
        });
        _ = Task.Run(() => Copy(imageId, row));
        return Answer.Accepted.With("Location", call.Link("/image/v2/images/" + imageId));
    }

    private async Task Copy(string imageId, ServerRow row)
    {
        try
        {
            await images.Fill(imageId, into => link.ReadDisk(row.HostId!, new ReadDiskRequest { ServerId = row.Id }, into, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.SnapshotFailed(row.Id, imageId, e);
        }
    }
}
