using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Attachments;

/// <summary>
/// Attachments as things of their own (3.27). Those of servers are Compute's: they are shown, and taken away through Compute
/// only. A client that attaches by itself (bare metal, containers) reserves, says where it is, and says when it is done.
/// </summary>
internal sealed class AttachmentApi(Database database, IHosts hosts) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes r)
    {
        r.Get("/attachments", "volume:read", VolumeService.Since(27, call => List(call, detail: false)));
        r.Get("/attachments/detail", "volume:read", VolumeService.Since(27, call => List(call, detail: true)));
        r.Post("/attachments", "volume:write", "volume_attachment.create", VolumeService.Since(27, Create));
        r.Get("/attachments/{id}", "volume:read", VolumeService.Since(27, Show));
        r.Put("/attachments/{id}", "volume:write", "volume_attachment.update", VolumeService.Since(27, Update));
        r.Delete("/attachments/{id}", "volume:write", "volume_attachment.delete", VolumeService.Since(27, Delete));
        r.Post("/attachments/{id}/action", "volume:write", "volume_attachment.complete", VolumeService.Since(44, Complete));
    }

    private static IQueryable<AttachmentRow> Visible(Query q, Actor actor, bool all)
    {
        var (db, project) = (q.Db<VolumeDb>(), actor.ProjectId ?? "");
        return db.Attachments.Where(a => all || db.Volumes.Any(v => v.Id == a.VolumeId && v.ProjectId == project));
    }

    private static async Task<AttachmentRow> Get(Query q, Call call) =>
        await Visible(q, call.Actor, call.Actor.IsAdmin).SingleOrDefaultAsync(a => a.Id == call["id"]) ?? throw CloudError.NotFound($"Volume attachment {call["id"]} could not be found.");

    private static async Task<AttachmentRow> GetOwn(Tx tx, Call call)
    {
        var row = await Get(tx, call);
        return row.ByHand ? row : throw CloudError.Conflict($"Volume attachment {row.Id} is server {row.ServerId}'s: change it through Compute (openstack server add/remove volume).");
    }

    private Task<Answer> List(Call call, bool detail) => database.Read(async q =>
    {
        VolumeService.Check(call);
        var rows = Visible(q, call.Actor, call.Actor.IsAdmin && call.QueryFlag("all_tenants"));
        if (call.QueryOr("volume_id") is { } volume) rows = rows.Where(a => a.VolumeId == volume);
        if (call.QueryOr("instance_id") is { } server) rows = rows.Where(a => a.ServerId == server);
        if ((call.QueryOr("status") ?? call.QueryOr("attach_status")) is { } status) rows = status switch
        {
            "reserved" => rows.Where(a => a.Wanted && !a.Seen && a.Parked),
            "attaching" => rows.Where(a => a.Wanted && !a.Seen && !a.Parked),
            "attached" => rows.Where(a => a.Wanted && a.Seen),
            "detaching" => rows.Where(a => !a.Wanted),
            _ => rows.Where(a => false),
        };
        var page = call.Page();
        var mark = page.Marker is null ? null : await rows.SingleOrDefaultAsync(a => a.Id == page.Marker) ?? throw CloudError.NotFound($"The marker {page.Marker} is no attachment.");
        var slice = await rows.Paged([new SortKey(nameof(AttachmentRow.CreatedAt), true)], page, mark);
        var body = new JsonObject { ["attachments"] = new JsonArray([.. detail ? await Full(q, slice.Rows) : slice.Rows.Select(Brief)]) };
        if (slice.More) body["attachments_links"] = call.NextLinks(slice.Rows[^1].Id);
        return Answer.Ok(body);
    }, call.Stop);

    private Task<Answer> Show(Call call) => database.Read(async q => Answer.Ok(new JsonObject { ["attachment"] = await Full(q, await Get(q, call)) }), call.Stop);

    private async Task<Answer> Create(Call call)
    {
        call.Project();
        var body = await call.Body("attachment");
        var (volumeId, server, connector) = (body.IdOr("volume_uuid") ?? throw CloudError.Invalid("'volume_uuid' is a required property."), body.IdOr("instance_uuid"), Connector(body));
        var mode = (call.AtLeast(54) ? body.OneOf("mode", "rw", "ro") : null) ?? "rw";
        body.Done();
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var volume = await VolumeStore.Get(tx, call.Actor, volumeId);
            var holder = server ?? Id.From($"host:{connector?["host"]}:{Id.New()}");
            if (volume.Row.ReadOnly && mode == "rw") throw CloudError.Invalid($"Invalid volume: Volume {volumeId} is read-only and cannot be attached for writing.");
            await AttachRules.Check(tx, volume, holder, -1);
            var row = new AttachmentRow
            {
                Id = Id.New(), VolumeId = volume.Row.Id, ServerId = holder, Device = Device(connector), BootIndex = -1, Wanted = true, ByHand = true, Mode = mode, CreatedAt = tx.Now,
                Connector = connector?.ToJsonString(), HostName = (string?)connector?["host"], Parked = connector is null,
            };
            tx.Db<VolumeDb>().Add(row);
            await tx.Save();
            Told(tx, call, row, volume.Row.ProjectId);
            return new JsonObject { ["attachment"] = await Full(tx, row) };
        }, call.Stop));
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("attachment");
        var connector = Connector(body) ?? throw CloudError.Invalid("'connector' is a required property.");
        body.Done();
        return Answer.Ok(await database.Write(call.Actor, async tx =>
        {
            var row = await GetOwn(tx, call);
            if (row.Seen) throw CloudError.Invalid($"Invalid volume: attachment {row.Id} is complete already.");
            var (text, host, device) = (connector.ToJsonString(), (string?)connector["host"], Device(connector));
            await tx.Db<VolumeDb>().Attachments.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s
                .SetProperty(a => a.Connector, text).SetProperty(a => a.HostName, host).SetProperty(a => a.Device, device).SetProperty(a => a.Parked, false));
            Told(tx, call, row, null);
            return new JsonObject { ["attachment"] = await Full(tx, await Get(tx, call)) };
        }, call.Stop));
    }

    private async Task<Answer> Complete(Call call)
    {
        var body = await call.Body();
        body.Raw("os-complete");
        body.Done();
        await database.Write(call.Actor, async tx =>
        {
            var row = await GetOwn(tx, call);
            if (row.Connector is null) throw CloudError.Invalid($"Invalid volume: attachment {row.Id} is only reserved: say where the volume is attached first (connector).");
            await tx.Db<VolumeDb>().Attachments.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Seen, true).SetProperty(a => a.AttachedAt, a => a.AttachedAt ?? tx.Now));
            await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.VolumeId).ExecuteUpdateAsync(s => s.SetProperty(v => v.AttachedOnce, true));
            Told(tx, call, row, null);
        }, call.Stop);
        return new Answer(204);
    }

    /// <summary>Answers what is left of the volume's attachments.</summary>
    private async Task<Answer> Delete(Call call) => Answer.Ok(await database.Write(call.Actor, async tx =>
    {
        var row = await GetOwn(tx, call);
        await tx.Db<VolumeDb>().Attachments.Where(a => a.Id == row.Id).ExecuteDeleteAsync();
        Told(tx, call, row, null);
        var left = await tx.Db<VolumeDb>().Attachments.Where(a => a.VolumeId == row.VolumeId).OrderBy(a => a.Id).ToListAsync();
        return new JsonObject { ["attachments"] = new JsonArray([.. left.Select(Brief)]) };
    }, call.Stop));

    private static void Told(Tx tx, Call call, AttachmentRow row, string? project)
    {
        tx.Audit(call.Verb, "volume", row.VolumeId, project, new { attachment = row.Id, host = row.HostName });
        tx.Changed(IVolumes.VolumeChanged, row.VolumeId);
    }

    private static JsonObject? Connector(Fields body) => body.ObjectOr("connector") is null ? null : JsonNode.Parse(body.Raw("connector")!.Value.GetRawText()) is JsonObject { Count: > 0 } known ? known : null;

    private static string Device(JsonObject? connector) => connector?["mountpoint"] is JsonValue value && value.TryGetValue<string>(out var device) && device.Length is > 0 and < 256 ? device : "/dev/null";

    private static string Status(AttachmentRow row) => row is { Wanted: true, Seen: false, Parked: true } ? "reserved" : row.State;

    private static JsonObject Brief(AttachmentRow row) => new() { ["id"] = row.Id, ["status"] = Status(row), ["instance"] = row.ServerId, ["volume_id"] = row.VolumeId };

    private async Task<JsonObject> Full(Query q, AttachmentRow row) => (await Full(q, [row]))[0];

    private async Task<List<JsonObject>> Full(Query q, IReadOnlyList<AttachmentRow> rows)
    {
        var ids = rows.Select(a => a.VolumeId).Distinct().ToList();
        var volumes = await q.Db<VolumeDb>().Volumes.Where(v => ids.Contains(v.Id)).ToDictionaryAsync(v => v.Id);
        var names = (await hosts.All(q)).ToDictionary(h => h.Id, h => h.Name);
        return [.. rows.Select(a => Full(a, volumes[a.VolumeId], names))];
    }

    /// <summary>A volume is a file on its host, so that is what there is to connect to.</summary>
    private static JsonObject Full(AttachmentRow row, VolumeRow volume, IReadOnlyDictionary<string, string> hosts)
    {
        var body = Brief(row);
        body["attached_at"] = Clock.Micros(row.AttachedAt);
        body["detached_at"] = null;
        body["attach_mode"] = row.Mode;
        body["connection_info"] = row.Parked && !row.Seen ? new JsonObject() : new JsonObject
        {
            ["driver_volume_type"] = "file", ["attachment_id"] = row.Id, ["volume_id"] = row.VolumeId, ["access_mode"] = row.Mode, ["encrypted"] = false,
            ["host"] = hosts.GetValueOrDefault(volume.HostId), ["format"] = volume.Multiattach ? "raw" : "qcow2",
        };
        return body;
    }
}
