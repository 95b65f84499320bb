using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Images;

/// <summary>The flat JSON of an image: Glance's own members and beside them the custom properties.</summary>
internal static class ImageWire
{
    public static JsonObject Of(FullImage image, long now)
    {
        var row = image.Row;
        var body = new JsonObject();
        foreach (var (name, value) in image.Properties) body[name] = value;
        body["id"] = row.Id;
        body["name"] = row.Name;
        body["status"] = row.Status(now);
        body["visibility"] = row.Visibility;
        body["os_hidden"] = row.Hidden;
        body["protected"] = row.Protected;
        body["owner"] = row.OwnerId;
        body["container_format"] = row.ContainerFormat;
        body["disk_format"] = row.DiskFormat;
        body["min_disk"] = row.MinDisk;
        body["min_ram"] = row.MinRam;
        body["size"] = row.Size;
        body["virtual_size"] = row.VirtualSize;
        body["checksum"] = row.Md5;
        body["os_hash_algo"] = row.Sha512 is null ? null : "sha512";
        body["os_hash_value"] = row.Sha512;
        body["tags"] = new JsonArray([.. image.Tags.Select(t => (JsonNode)t)]);
        if (row.DataFile is not null) body["stores"] = ImageService.Store;
        if (row.ImportTask is not null) body["os_glance_importing_to_stores"] = ImageService.Store;
        if (row.ImportFailed) body["os_glance_failed_import"] = ImageService.Store;
        body["created_at"] = Clock.Seconds(row.CreatedAt);
        body["updated_at"] = Clock.Seconds(row.UpdatedAt);
        body["self"] = $"/v2/images/{row.Id}";
        body["file"] = $"/v2/images/{row.Id}/file";
        body["schema"] = "/v2/schemas/image";
        return body;
    }
}
