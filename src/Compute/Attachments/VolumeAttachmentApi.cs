using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Attachments;

/// <summary>Volumes of a server. The volume says what state it is in; Compute only says which server wants it.</summary>
internal sealed class VolumeAttachmentApi(Database database, IVolumes volumes, VolumeSwap swap) : IApi
{
    private static readonly string[] States = ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "VERIFY_RESIZE"];

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        const string all = "/servers/{id}/os-volume_attachments", one = all + "/{volume_id}";
        r.Get(all, "compute:read", List);
        r.Post(all, "compute:write", "server.attach_volume", Attach);
        r.Get(one, "compute:read", Show);
        r.Put(one, "compute:write", "server.update_volume", Update);
        r.Delete(one, "compute:write", "server.detach_volume", Detach);
    }

    private static JsonObject Wire(AttachmentView a, string? tag, Call call, bool made = false)
    {
        var body = new JsonObject { ["volumeId"] = a.VolumeId, ["serverId"] = a.ServerId, ["device"] = a.Device };
        if (made || !call.AtLeast(89)) body["id"] = a.VolumeId;
        if (call.AtLeast(70)) body["tag"] = tag;
        if (call.AtLeast(79)) body["delete_on_termination"] = a.DeleteOnTermination;
        if (!made && call.AtLeast(89)) (body["attachment_id"], body["bdm_uuid"]) = (a.Id, a.Id);
        return body;
    }

    private async Task<List<AttachmentView>> Of(Query q, string serverId) => [.. (await volumes.OfServers(q, [serverId]))[serverId]];

    private static Task<Dictionary<string, string>> Tags(Query q, string serverId) =>
        q.Db<ComputeDb>().DeviceTags.Where(t => t.ServerId == serverId && t.Kind == DeviceTagRow.Volume).ToDictionaryAsync(t => t.DeviceId, t => t.Tag);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var id = (await ServerStore.Find(q, call.Actor, call["id"])).Id;
        var (all, tags, page) = (await Of(q, id), await Tags(q, id), call.Page());
        var offset = int.TryParse(call.QueryOr("offset"), out var o) && o > 0 ? o : 0;
        return Answer.Ok(new JsonObject { ["volumeAttachments"] = new JsonArray([.. all.Skip(offset).Take(page.Limit).Select(a => Wire(a, tags.GetValueOrDefault(a.VolumeId), call))]) });
    });

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var one = await Find(q, (await ServerStore.Find(q, call.Actor, call["id"])).Id, call["volume_id"]);
        return Answer.Ok(new JsonObject { ["volumeAttachment"] = Wire(one, (await Tags(q, one.ServerId)).GetValueOrDefault(one.VolumeId), call) });
    });

    private async Task<AttachmentView> Find(Query q, string serverId, string volumeId) =>
        (await Of(q, serverId)).FirstOrDefault(a => a.VolumeId == volumeId) ?? throw CloudError.NotFound($"Instance {serverId} is not attached to volume {volumeId}");

    /// <summary>A server on a shelf takes volumes too: it finds them when it comes back.</summary>
    private static void MustTake(ServerRow row, Call call, string action)
    {
        var status = ServerStatus.Of(row);
        if (call.AtLeast(20) && row.Want != Power.Gone && status.Status is "SHELVED" or "SHELVED_OFFLOADED") return;
        PowerActions.MustBe(row, status, States, action);
    }

    private async Task<Answer> Attach(Call call)
    {
        var body = await call.Body("volumeAttachment");
        var (volumeId, device) = (body.IdOr("volumeId") ?? throw CloudError.Invalid("'volumeId' is a required property."), body.TextOr("device"));
        var tag = call.AtLeast(49) ? BlockDevice.TagOf(body) : null;
        var goes = call.AtLeast(79) && (body.FlagOr("delete_on_termination") ?? false);
        body.Done();
        if (device is not null && !device.StartsWith("/dev/", StringComparison.Ordinal)) throw CloudError.Invalid($"Invalid input for field/attribute device. Value: {device}. It must be a path such as /dev/vdb.");
        var made = await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            MustTake(row, call, "attach_volume");
            var volume = await volumes.Find(tx, tx.Actor, volumeId) ?? throw CloudError.NotFound($"Volume {volumeId} could not be found.");
            if (volume.Multiattach && !call.AtLeast(60)) throw CloudError.Invalid($"Volume {volumeId} has 'multiattach' set, which needs microversion 2.60.");
            var attachment = await volumes.Attach(tx, tx.Actor, volumeId, row.Id, device, deleteOnTermination: goes, serverHostId: row.HostId);
            await SetTag(tx, row.Id, volumeId, tag);
            Told(tx, call, row, "attach_volume", new { volume = volumeId, attachment.Device });
            return attachment;
        });
        return Answer.Ok(new JsonObject { ["volumeAttachment"] = Wire(made, tag, call, made: true) });
    }

    private static async Task SetTag(Tx tx, string serverId, string volumeId, string? tag)
    {
        await tx.Db<ComputeDb>().DeviceTags.Where(t => t.ServerId == serverId && t.Kind == DeviceTagRow.Volume && t.DeviceId == volumeId).ExecuteDeleteAsync();
        if (tag is not null) tx.Db<ComputeDb>().Add(new DeviceTagRow { ServerId = serverId, Kind = DeviceTagRow.Volume, DeviceId = volumeId, Tag = tag });
    }

    /// <summary>Another volume in its place (administrators), or from 2.85 on whether it goes with its server.</summary>
    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("volumeAttachment");
        var volumeId = body.IdOr("volumeId") ?? throw CloudError.Invalid("'volumeId' is a required property.");
        var keeps = call.AtLeast(85) ? body.FlagOr("delete_on_termination") : null;
        if (call.AtLeast(85)) foreach (var same in new[] { "device", "id", "serverId", "tag" }) body.TextOr(same);
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            var old = await Find(tx, row.Id, call["volume_id"]);
            if (volumeId != old.VolumeId)
            {
                AdminActions.Only(tx.Actor, "os-volumes-attachments:swap");
                PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "PAUSED", "VERIFY_RESIZE"], "swap_volume");
                await swap.Do(tx, row, old, volumeId);
                Told(tx, call, row, "swap_volume", new { from = old.VolumeId, to = volumeId });
            }
            if (keeps is { } goes) await volumes.Keep(tx, volumeId, row.Id, goes);
            if (volumeId == old.VolumeId) tx.Audit(call.Verb, "server", row.Id, row.ProjectId, new { volume = volumeId, delete_on_termination = keeps });
        });
        return Answer.Accepted;
    }

    private async Task<Answer> Detach(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            var row = await ServerStore.ForChange(tx, call["id"]);
            var one = await Find(tx, row.Id, call["volume_id"]);
            MustTake(row, call, "detach_volume");
            if (one.BootIndex == 0 && row.ImageId is null) throw CloudError.Forbidden($"Cannot detach a root device volume: server {row.Id} boots from volume {one.VolumeId}.");
            if (one.State == "detaching") throw CloudError.Invalid($"Invalid volume: Volume {one.VolumeId} is being detached already.");
            await volumes.Detach(tx, one.VolumeId, row.Id);
            await SetTag(tx, row.Id, one.VolumeId, null);
            Told(tx, call, row, "detach_volume", new { volume = one.VolumeId });
        });
        return Answer.Accepted;
    }

    private static void Told(Tx tx, Call call, ServerRow row, string action, object detail)
    {
        ServerActionRow.Add(tx, row.Id, row.ProjectId, action);
        tx.Audit(call.Verb, "server", row.Id, row.ProjectId, detail);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
    }
}
