using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Snapshots;

internal static class SnapshotWire
{
    public static JsonObject Basic(Call call, FullVolume snapshot, long now)
    {
        var row = snapshot.Row;
        var body = new JsonObject
        {
            ["id"] = row.Id, ["name"] = row.Name, ["description"] = row.Description, ["status"] = snapshot.Status(now), ["size"] = row.SizeGib, ["volume_id"] = row.SnapshotOf,
            ["metadata"] = VolumeWire.Map(snapshot.Metadata), ["created_at"] = Clock.Micros(row.CreatedAt), ["updated_at"] = Clock.Micros(row.UpdatedAt),
        };
        if (call.AtLeast(14)) body["group_snapshot_id"] = row.GroupSnapshotId;
        if (call.AtLeast(41)) body["user_id"] = row.UserId;
        if (call.AtLeast(65)) body["consumes_quota"] = true;
        return body;
    }

    public static JsonObject Full(Call call, FullVolume snapshot, long now)
    {
        var body = Basic(call, snapshot, now);
        body["os-extended-snapshot-attributes:progress"] = snapshot.Row.SaidProgress ?? (snapshot.Row.Present ? "100%" : "0%");
        body["os-extended-snapshot-attributes:project_id"] = snapshot.Row.ProjectId;
        return body;
    }
}
