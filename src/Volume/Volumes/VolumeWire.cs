using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Volume.Attachments;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

/// <summary>The JSON of a volume.</summary>
internal static class VolumeWire
{
    public static JsonObject Brief(Call call, FullVolume volume) => new() { ["id"] = volume.Row.Id, ["name"] = volume.Row.Name, ["links"] = Links(call, volume.Row.ProjectId, "volumes", volume.Row.Id) };

    /// <summary>What creating and updating answer.</summary>
    public static JsonObject Basic(Call call, FullVolume volume, long now)
    {
        var row = volume.Row;
        var body = new JsonObject
        {
            ["id"] = row.Id, ["name"] = row.Name, ["description"] = row.Description, ["status"] = volume.Status(now), ["size"] = row.SizeGib,
            ["attachments"] = new JsonArray([.. volume.Attachments.Select(a => Attachment(a, call.Actor))]),
            ["availability_zone"] = row.Zone, ["bootable"] = row.Bootable ? "true" : "false", ["encrypted"] = false, ["multiattach"] = row.Multiattach,
            ["volume_type"] = volume.TypeName, ["snapshot_id"] = row.SnapshotId, ["source_volid"] = row.SnapshotId is null ? row.SourceVolumeId : null, ["consistencygroup_id"] = null,
            ["replication_status"] = null, ["migration_status"] = null, ["metadata"] = Map(volume.Metadata), ["user_id"] = row.UserId,
            ["created_at"] = Clock.Micros(row.CreatedAt), ["updated_at"] = Clock.Micros(row.UpdatedAt), ["links"] = Links(call, row.ProjectId, "volumes", row.Id),
        };
        if (call.AtLeast(13)) body["group_id"] = row.GroupId;
        if (call.AtLeast(48)) (body["shared_targets"], body["service_uuid"]) = (false, Id.From("cinder-volume:" + row.HostId));
        if (call.AtLeast(63)) body["volume_type_id"] = row.TypeId;
        if (call.AtLeast(65)) body["consumes_quota"] = true;
        return body;
    }

    /// <summary>What showing and the detailed list answer. <c>fault</c> is ours, for clients older than messages (3.3): it is there only when something is wrong, and says what.</summary>
    public static JsonObject Full(Call call, FullVolume volume, HostView? host, long now)
    {
        var body = Basic(call, volume, now);
        body["os-vol-tenant-attr:tenant_id"] = volume.Row.ProjectId;
        if (call.Actor.IsAdmin)
        {
            body["os-vol-host-attr:host"] = host is null ? null : HostName(host);
            body["os-vol-mig-status-attr:migstat"] = null;
            body["os-vol-mig-status-attr:name_id"] = null;
            if (call.AtLeast(21)) body["provider_id"] = null;
            if (call.AtLeast(61)) body["cluster_name"] = null;
        }
        else body.Remove("migration_status");
        if (volume.ImageMetadata.Count > 0) body["volume_image_metadata"] = Map(volume.ImageMetadata);
        if (volume.Row.Fault is { } fault && !call.AtLeast(3)) body["fault"] = fault;
        return body;
    }

    /// <summary>Cinder's host@backend#pool.</summary>
    public static string HostName(HostView host) => $"{host.Name}@files#files";

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    private static JsonNode Attachment(AttachmentRow a, Actor actor) => new JsonObject
    {
        ["id"] = a.VolumeId, ["attachment_id"] = a.Id, ["volume_id"] = a.VolumeId, ["server_id"] = a.ServerId,
        ["host_name"] = actor.IsAdmin ? a.HostName : null, ["device"] = a.Device, ["attached_at"] = Clock.Micros(a.AttachedAt),
    };

    public static JsonArray Links(Call call, string project, string kind, string id) => new(
        new JsonObject { ["rel"] = "self", ["href"] = call.Link($"/volume/v3/{project}/{kind}/{id}") },
        new JsonObject { ["rel"] = "bookmark", ["href"] = call.Link($"/volume/{project}/{kind}/{id}") });
}
