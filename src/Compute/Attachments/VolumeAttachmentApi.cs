using System.Text.Json.Nodes;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Attachments;

internal sealed class VolumeAttachmentApi(Database database, IVolumes volumes) : IApi
{
    private static readonly string[] Attachable = ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers/{id}/os-volume_attachments", "compute:read", List);
        r.Post("/servers/{id}/os-volume_attachments", "compute:write", "server.attach_volume", Attach);
        r.Get("/servers/{id}/os-volume_attachments/{volume_id}", "compute:read", Show);
        r.Delete("/servers/{id}/os-volume_attachments/{volume_id}", "compute:write", "server.detach_volume", Detach);
    }

    private static JsonObject Wire(AttachmentView a) => new() { ["id"] = a.VolumeId, ["volumeId"] = a.VolumeId, ["serverId"] = a.ServerId, ["device"] = a.Device };

    private async Task<List<AttachmentView>> Of(Query q, string serverId) => [.. (await volumes.OfServers(q, [serverId]))[serverId]];

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var all = await Of(q, (await ServerStore.Find(q, call.Actor, call["id"])).Id);
        var page = call.Page();
        var offset = int.TryParse(call.QueryOr("offset"), out var o) && o > 0 ? o : 0;
        return Answer.Ok(new JsonObject { ["volumeAttachments"] = new JsonArray([.. all.Skip(offset).Take(page.Limit).Select(Wire)]) });
    });

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        return Answer.Ok(new JsonObject { ["volumeAttachment"] = Wire((await Of(q, row.Id)).FirstOrDefault(a => a.VolumeId == call["volume_id"]) ?? throw NotAttached(call["volume_id"])) });
    });

    private static CloudError NotAttached(string volumeId) => CloudError.NotFound($"volume_id not found: {volumeId}");

    private async Task<Answer> Attach(Call call)
    {
        var body = await call.Body("volumeAttachment");
        var (volumeId, device) = (body.IdOr("volumeId") ?? throw CloudError.Invalid("'volumeId' is a required property."), body.TextOr("device"));
        body.Done();
        if (device is not null && !device.StartsWith("/dev/", StringComparison.Ordinal)) throw CloudError.Invalid($"Invalid input for field/attribute device. Value: {device}. It must be a path such as /dev/vdb.");
        var made = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), Attachable, "attach_volume");
            _ = await volumes.Find(tx, tx.Actor, volumeId) ?? throw CloudError.NotFound($"Volume {volumeId} could not be found.");
            var attachment = await volumes.Attach(tx, tx.Actor, volumeId, row.Id, device, serverHostId: row.HostId);
            ServerActionRow.Add(tx, row.Id, row.ProjectId, "attach_volume");
            tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { volume = volumeId, attachment.Device });
            tx.Wake(FleetWork.Host, row.HostId!);
            return attachment;
        });
        return Answer.Ok(new JsonObject { ["volumeAttachment"] = Wire(made) });
    }

    private async Task<Answer> Detach(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            if ((await Of(tx, row.Id)).All(a => a.VolumeId != call["volume_id"])) throw NotAttached(call["volume_id"]);
            PowerActions.MustBe(row, ServerStatus.Of(row), Attachable, "detach_volume");
            await volumes.Detach(tx, call["volume_id"], row.Id);
            ServerActionRow.Add(tx, row.Id, row.ProjectId, "detach_volume");
            tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { volume = call["volume_id"] });
            tx.Wake(FleetWork.Host, row.HostId!);
        });
        return Answer.Accepted;
    }
}
