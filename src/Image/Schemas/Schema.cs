using System.Text.Json.Nodes;
using Xiangyun.Image.Images;

namespace Xiangyun.Image.Schemas;

/// <summary>JSON schemas of Glance's objects, one line a member.</summary>
internal static class Schema
{
    private const string Uuid = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";

    public static JsonObject Image() => new()
    {
        ["name"] = "image",
        ["properties"] = new JsonObject
        {
            ["id"] = Text("An identifier for the image", pattern: Uuid),
            ["name"] = Text("Descriptive name for the image", orNull: true, most: 255),
            ["status"] = Text("Status of the image", readOnly: true, words: ["queued", "saving", "uploading", "importing", "active", "deactivated"]),
            ["visibility"] = Text("Scope of image accessibility", words: ImageDraft.Visibilities),
            ["os_hidden"] = Of("boolean", "If true, image will not appear in default image list response."),
            ["protected"] = Of("boolean", "If true, image will not be deletable."),
            ["owner"] = Text("Owner of the image", orNull: true, most: 255),
            ["container_format"] = Text("Format of the container", orNull: true, words: ImageDraft.ContainerFormats),
            ["disk_format"] = Text("Format of the disk", orNull: true, words: ImageDraft.DiskFormats),
            ["min_disk"] = Of("integer", "Amount of disk space (in GB) required to boot image."),
            ["min_ram"] = Of("integer", "Amount of ram (in MB) required to boot image."),
            ["size"] = Nullable("integer", "Size of image file in bytes"),
            ["virtual_size"] = Nullable("integer", "Virtual size of image in bytes"),
            ["checksum"] = Text("md5 hash of image contents.", orNull: true, readOnly: true, most: 32),
            ["os_hash_algo"] = Text("Algorithm to calculate the os_hash_value", orNull: true, readOnly: true, most: 64),
            ["os_hash_value"] = Text("Hexdigest of the image contents using the algorithm specified by the os_hash_algo", orNull: true, readOnly: true, most: 128),
            ["tags"] = new JsonObject { ["type"] = "array", ["description"] = "List of strings related to the image", ["items"] = new JsonObject { ["type"] = "string", ["maxLength"] = 255 } },
            ["stores"] = Text("Store in which image data resides.", readOnly: true),
            ["created_at"] = Text("Date and time of image registration", readOnly: true),
            ["updated_at"] = Text("Date and time of the last image modification", readOnly: true),
            ["self"] = Text("URL of the image", readOnly: true),
            ["file"] = Text("URL of the data of the image", readOnly: true),
            ["schema"] = Text("URL of the schema of an image", readOnly: true),
        },
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
        ["links"] = new JsonArray(Link("self", "{self}"), Link("enclosure", "{file}"), Link("describedby", "{schema}")),
    };

    public static JsonObject Member() => new()
    {
        ["name"] = "member",
        ["properties"] = new JsonObject
        {
            ["member_id"] = Text("An identifier for the image member (tenantId)"),
            ["image_id"] = Text("An identifier for the image", pattern: Uuid),
            ["status"] = Text("The status of this image member", words: ["pending", "accepted", "rejected"]),
            ["created_at"] = Text("Date and time of image member creation", readOnly: true),
            ["updated_at"] = Text("Date and time of last modification of image member", readOnly: true),
            ["schema"] = Text("URL of the schema of an image member", readOnly: true),
        },
    };

    public static JsonObject List(string name, JsonObject item, bool paged)
    {
        var properties = new JsonObject { [name] = new JsonObject { ["type"] = "array", ["items"] = item }, ["schema"] = new JsonObject { ["type"] = "string" } };
        var list = new JsonObject { ["name"] = name, ["properties"] = properties };
        if (paged)
        {
            properties["first"] = new JsonObject { ["type"] = "string" };
            properties["next"] = new JsonObject { ["type"] = "string" };
            list["links"] = new JsonArray(Link("first", "{first}"), Link("next", "{next}"), Link("describedby", "{schema}"));
        }
        else list["links"] = new JsonArray(Link("describedby", "{schema}"));
        return list;
    }

    private static JsonObject Of(string type, string description) => new() { ["type"] = type, ["description"] = description };

    private static JsonObject Nullable(string type, string description) => new() { ["type"] = new JsonArray("null", type), ["readOnly"] = true, ["description"] = description };

    private static JsonObject Text(string description, bool orNull = false, bool readOnly = false, int? most = null, string? pattern = null, string[]? words = null)
    {
        var schema = new JsonObject { ["type"] = orNull ? new JsonArray("null", "string") : "string", ["description"] = description };
        if (readOnly) schema["readOnly"] = true;
        if (most is { } m) schema["maxLength"] = m;
        if (pattern is not null) schema["pattern"] = pattern;
        if (words is not null) schema["enum"] = new JsonArray([.. words.Select(w => (JsonNode?)w).Concat(orNull ? [null] : [])]);
        return schema;
    }

    private static JsonObject Link(string rel, string href) => new() { ["rel"] = rel, ["href"] = href };
}
