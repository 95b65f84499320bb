using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>os-volumes and os-snapshots: Volume's, in the shape that Nova had until 2.36.</summary>
internal sealed class VolumeApi(Neighbour neighbour) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        foreach (var path in new[] { "/os-volumes", "/os-volumes/detail" }) r.Get(path, "compute:read", Nova.Until(36, call => List(call, "volumes", Volume)));
        r.Post("/os-volumes", "compute:write", "volume.create", Nova.Until(36, CreateVolume));
        r.Get("/os-volumes/{id}", "compute:read", Nova.Until(36, call => Show(call, "volume", Volume)));
        r.Delete("/os-volumes/{id}", "compute:write", "volume.delete", Nova.Until(36, call => Delete(call, "volumes")));
        foreach (var path in new[] { "/os-snapshots", "/os-snapshots/detail" }) r.Get(path, "compute:read", Nova.Until(36, call => List(call, "snapshots", Snapshot)));
        r.Post("/os-snapshots", "compute:write", "snapshot.create", Nova.Until(36, CreateSnapshot));
        r.Get("/os-snapshots/{id}", "compute:read", Nova.Until(36, call => Show(call, "snapshot", Snapshot)));
        r.Delete("/os-snapshots/{id}", "compute:write", "snapshot.delete", Nova.Until(36, call => Delete(call, "snapshots")));
    }

    private static JsonObject Volume(JsonNode v) => new()
    {
        ["id"] = Copy(v["id"]), ["status"] = Copy(v["status"]), ["size"] = Copy(v["size"]), ["availabilityZone"] = Copy(v["availability_zone"]), ["createdAt"] = Copy(v["created_at"]), ["displayName"] = Copy(v["name"]),
        ["displayDescription"] = Copy(v["description"]), ["volumeType"] = Copy(v["volume_type"]), ["snapshotId"] = Copy(v["snapshot_id"]), ["metadata"] = Copy(v["metadata"]) ?? new JsonObject(),
        ["attachments"] = new JsonArray([.. v["attachments"]!.AsArray().Select(a => new JsonObject { ["id"] = Copy(v["id"]), ["volumeId"] = Copy(v["id"]), ["serverId"] = Copy(a!["server_id"]), ["device"] = Copy(a["device"]) }).DefaultIfEmpty([])]),
    };

    private static JsonObject Snapshot(JsonNode s) => new()
    {
        ["id"] = Copy(s["id"]), ["status"] = Copy(s["status"]), ["size"] = Copy(s["size"]), ["volumeId"] = Copy(s["volume_id"]), ["createdAt"] = Copy(s["created_at"]), ["displayName"] = Copy(s["name"]), ["displayDescription"] = Copy(s["description"]),
    };

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static string Path(Call call, string many) => $"/{many}/{Id.Canonical(call["id"]) ?? throw CloudError.NotFound($"{many[..^1]} {(call["id"].Length > 80 ? call["id"][..80] : call["id"])} could not be found.")}";

    private async Task<Answer> List(Call call, string many, Func<JsonNode, JsonObject> wire)
    {
        var offset = int.TryParse(call.QueryOr("offset"), out var o) && o > 0 ? o : 0;
        var all = (await neighbour.Ask(call, "cinder", "GET", $"/{many}/detail"))![many]!.AsArray();
        return Answer.Ok(new JsonObject { [many] = new JsonArray([.. all.Skip(offset).Take(call.Page().Limit).Select(v => wire(v!))]) });
    }

    private async Task<Answer> Show(Call call, string one, Func<JsonNode, JsonObject> wire) => Answer.Ok(new JsonObject { [one] = wire((await neighbour.Ask(call, "cinder", "GET", Path(call, one + "s")))![one]!) });

    private async Task<Answer> Delete(Call call, string many)
    {
        await neighbour.Ask(call, "cinder", "DELETE", Path(call, many));
        return Answer.Accepted;
    }

    private async Task<Answer> CreateVolume(Call call)
    {
        var body = await call.Body("volume");
        var wish = new Dictionary<string, object?>
        {
            ["size"] = body.Raw("size") is null ? null : body.Number("size", 1, int.MaxValue), ["name"] = body.TextOr("display_name"), ["description"] = body.TextOr("display_description"),
            ["volume_type"] = body.TextOr("volume_type", 1), ["metadata"] = body.MapOr("metadata"), ["snapshot_id"] = body.TextOr("snapshot_id", 1), ["availability_zone"] = body.TextOr("availability_zone", 1),
        };
        body.Done();
        if (wish["size"] is null && wish["snapshot_id"] is null) throw CloudError.Invalid("'size' is a required property.");
        var made = await neighbour.Ask(call, "cinder", "POST", "/volumes", new { volume = wish.Where(w => w.Value is not null).ToDictionary() });
        return Answer.Ok(new JsonObject { ["volume"] = Volume(made!["volume"]!) });
    }

    private async Task<Answer> CreateSnapshot(Call call)
    {
        var body = await call.Body("snapshot");
        var (volume, force) = (body.Text("volume_id", 1), body.FlagOr("force") ?? false);
        var (name, description) = (body.TextOr("display_name"), body.TextOr("display_description"));
        body.Done();
        var made = await neighbour.Ask(call, "cinder", "POST", "/snapshots", new { snapshot = new { volume_id = volume, force, name, description } });
        return Answer.Ok(new JsonObject { ["snapshot"] = Snapshot(made!["snapshot"]!) });
    }
}
