using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>An image of Image as Nova showed it until 2.36.</summary>
internal static class ImageWire
{
    private static readonly HashSet<string> Own =
    [
        "id", "name", "status", "visibility", "os_hidden", "protected", "owner", "container_format", "disk_format", "min_disk", "min_ram", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "tags",
        "created_at", "updated_at", "self", "file", "schema", "stores", "locations", "direct_url", "os_glance_importing_to_stores", "os_glance_failed_import",
    ];

    private static string Status(string? status) => status switch { "active" => "ACTIVE", "queued" or "saving" or "uploading" or "importing" => "SAVING", "deleted" or "pending_delete" => "DELETED", "killed" => "ERROR", _ => "UNKNOWN" };

    /// <summary>Nova's word to Image's; null = it has none.</summary>
    public static string? StatusFilter(string word) => word.ToUpperInvariant() switch { "ACTIVE" => "active", "SAVING" => "saving", "DELETED" => "deleted", "ERROR" => "killed", _ => null };

    private static JsonArray Links(string id, Call call)
    {
        var links = Nova.Links(call, "/images/" + id);
        links.Add(new JsonObject { ["rel"] = "alternate", ["type"] = "application/vnd.openstack.image", ["href"] = call.Link("/image/v2/images/" + id) });
        return links;
    }

    public static JsonObject Short(JsonNode i, Call call) => new() { ["id"] = i["id"]!.DeepClone(), ["name"] = i["name"]?.DeepClone(), ["links"] = Links(i["id"]!.ToString(), call) };

    public static JsonObject Metadata(JsonNode i) => new(i.AsObject().Where(p => !Own.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)(p.Value?.ToString() ?? ""))));

    public static JsonObject Of(JsonNode i, Call call)
    {
        var (body, status, metadata) = (Short(i, call), Status(i["status"]?.ToString()), Metadata(i));
        (body["status"], body["progress"], body["minDisk"], body["minRam"]) = (status, status switch { "ACTIVE" => 100, "SAVING" => 25, _ => 0 }, i["min_disk"]!.DeepClone(), i["min_ram"]!.DeepClone());
        (body["created"], body["updated"], body["OS-EXT-IMG-SIZE:size"], body["metadata"]) = (i["created_at"]!.DeepClone(), i["updated_at"]!.DeepClone(), i["size"]?.DeepClone() ?? 0, metadata);
        if (metadata["auto_disk_config"]?.ToString() is { } auto) body["OS-DCF:diskConfig"] = auto is "True" or "true" ? "AUTO" : "MANUAL";
        if (metadata["instance_uuid"]?.ToString() is { } server) body["server"] = new JsonObject { ["id"] = server, ["links"] = Nova.Links(call, "/servers/" + server) };
        return body;
    }
}
