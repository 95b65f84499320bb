using System.Text.Json;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Images;

/// <summary>
/// What a client may say of an image, checked member by member: the same rules for creating and for patching.
/// Everything that Glance does not know by name is a custom property, whose value is text.
/// </summary>
internal sealed class ImageDraft
{
    public const int MostTags = 128, MostProperties = 128;

    public static readonly string[] ContainerFormats = ["bare", "ami", "ari", "aki", "ovf", "ova", "docker", "compressed"];
    public static readonly string[] DiskFormats = ["qcow2", "raw", "iso", "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "vdi", "ploop"];
    public static readonly string[] Visibilities = ["community", "public", "private", "shared"];
    public static readonly IReadOnlySet<string> Base = new HashSet<string>
    {
        "name", "visibility", "os_hidden", "protected", "owner", "container_format", "disk_format", "min_disk", "min_ram", "tags", "id",
    };
    public static readonly IReadOnlySet<string> ReadOnly = new HashSet<string>
    {
        "status", "created_at", "updated_at", "deleted_at", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "self", "file", "schema",
        "first", "next", "direct_url", "locations", "deleted", "stores", "is_public",
    };

    public string? Id { get; private set; }
    public string? Name { get; set; }
    public string Visibility { get; set; } = "shared";
    public bool Hidden { get; set; }
    public bool Protected { get; set; }
    public required string OwnerId { get; set; }
    public string? ContainerFormat { get; set; }
    public string? DiskFormat { get; set; }
    public int MinDisk { get; set; }
    public int MinRam { get; set; }
    public List<string> Tags { get; private set; } = [];
    public Dictionary<string, string> Properties { get; } = [];

    public static ImageDraft Of(FullImage image)
    {
        var row = image.Row;
        var draft = new ImageDraft
        {
            Name = row.Name, Visibility = row.Visibility, Hidden = row.Hidden, Protected = row.Protected, OwnerId = row.OwnerId,
            ContainerFormat = row.ContainerFormat, DiskFormat = row.DiskFormat, MinDisk = row.MinDisk, MinRam = row.MinRam, Tags = [.. image.Tags],
        };
        foreach (var (name, value) in image.Properties) draft.Properties.Add(name, value);
        return draft;
    }

    public void Set(Actor actor, string name, JsonElement value)
    {
        Writable(name);
        switch (name)
        {
            case "id": Id = Kernel.Id.Canonical(Text(name, value)) ?? throw Wrong(name, value, "a UUID"); break;
            case "name": Name = TextOrNull(name, value); break;
            case "visibility": SetVisibility(actor, OneOf(name, value, Visibilities)!); break;
            case "os_hidden": Hidden = Flag(name, value); break;
            case "protected": Protected = Flag(name, value); break;
            case "owner": SetOwner(actor, Text(name, value)); break;
            case "container_format": ContainerFormat = OneOf(name, value, ContainerFormats); break;
            case "disk_format": DiskFormat = OneOf(name, value, DiskFormats); break;
            case "min_disk": MinDisk = Number(name, value); break;
            case "min_ram": MinRam = Number(name, value); break;
            case "tags": SetTags(value); break;
            default: SetProperty(name, value); break;
        }
    }

    public static void Writable(string name)
    {
        if (ReadOnly.Contains(name)) throw CloudError.Forbidden($"Attribute '{name}' is read-only.");
        if (name.StartsWith("os_glance", StringComparison.Ordinal)) throw CloudError.Forbidden($"Attribute '{name}' is reserved.");
    }

    private void SetVisibility(Actor actor, string visibility)
    {
        if (visibility == "public" && !actor.IsAdmin) throw CloudError.Forbidden("Only an administrator may publish an image to everybody (visibility public).");
        Visibility = visibility;
    }

    private void SetOwner(Actor actor, string owner)
    {
        if (!actor.IsAdmin && owner != actor.ProjectId) throw CloudError.Forbidden("You are not permitted to make an image owned by another project.");
        OwnerId = owner;
    }

    private void SetTags(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong("tags", value, "a list of texts");
        Tags = [.. value.EnumerateArray().Select(t => Text("tags", t)).Distinct()];
        if (Tags.Count > MostTags) throw CloudError.OverLimit($"An image may have at most {MostTags} tags, not {Tags.Count}.");
    }

    private void SetProperty(string name, JsonElement value)
    {
        if (name.Length is 0 or > 255) throw CloudError.Invalid("The name of a property must be 1 to 255 characters long.");
        Properties[name] = value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= 65535 ? Clean(name, value.GetString()!) : throw Wrong(name, value, "text");
        if (Properties.Count > MostProperties) throw CloudError.OverLimit($"An image may have at most {MostProperties} properties, not {Properties.Count}.");
    }

    private static string? OneOf(string name, JsonElement value, string[] words)
    {
        var text = name != "visibility" && value.ValueKind == JsonValueKind.Null ? null : Text(name, value);
        return text is null || words.Contains(text) ? text : throw Wrong(name, value, "one of " + string.Join(", ", words));
    }

    private static string? TextOrNull(string name, JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Text(name, value);

    private static string Text(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= 255 ? Clean(name, value.GetString()!) : throw Wrong(name, value, "text of at most 255 characters");

    private static string Clean(string name, string text) => text.Contains('\0') ? throw CloudError.Invalid($"{name}: the NUL character is not allowed.") : text;

    private static bool Flag(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, value, "true or false"),
    };

    private static int Number(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw Wrong(name, value, "a whole number from 0 to 2147483647");

    private static CloudError Wrong(string name, JsonElement value, string wanted)
    {
        var text = value.GetRawText();
        return CloudError.Invalid($"Provided object does not match schema 'image': {name}: {(text.Length > 80 ? text[..80] + "..." : text)} is not {wanted}.");
    }
}
