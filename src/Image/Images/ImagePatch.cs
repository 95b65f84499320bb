using System.Text.Json;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Images;

/// <summary>
/// JSON patch (RFC 6902) as Glance takes it: add, replace and remove of one top-level member each. The older media type
/// openstack-images-v2.0-json-patch writes <c>{"replace": "/name"}</c> for what is now <c>{"op": "replace", "path": "/name"}</c>.
/// </summary>
internal static class ImagePatch
{
    private static readonly string[] Verbs = ["add", "replace", "remove"];

    public static void Apply(ImageDraft draft, Actor actor, JsonElement patch, bool queued)
    {
        if (patch.ValueKind != JsonValueKind.Array) throw CloudError.Invalid("Request body must be a JSON array of operation objects.");
        foreach (var operation in patch.EnumerateArray()) One(draft, actor, operation, queued);
    }

    private static void One(ImageDraft draft, Actor actor, JsonElement operation, bool queued)
    {
        if (operation.ValueKind != JsonValueKind.Object) throw CloudError.Invalid("Operations must be JSON objects.");
        var old = Verbs.FirstOrDefault(v => !operation.TryGetProperty("op", out _) && operation.TryGetProperty(v, out _));
        var name = Member(Word(operation, old ?? "path"));
        var verb = old ?? Word(operation, "op");
        ImageDraft.Writable(name);
        if (name == "id") throw CloudError.Forbidden("Attribute 'id' is read-only.");
        if (name is "container_format" or "disk_format" && !queued) throw CloudError.Forbidden($"Attribute {name} can be only replaced for a queued image.");
        switch (verb)
        {
            case "add" or "replace":
                if (!operation.TryGetProperty("value", out var value)) throw CloudError.Invalid($"Operation \"{verb}\" requires a member named \"value\".");
                if (verb == "replace" && !Known(draft, name)) throw CloudError.Conflict($"Property {name} does not exist.");
                draft.Set(actor, name, value);
                break;
            case "remove":
                if (ImageDraft.Base.Contains(name)) throw CloudError.Forbidden($"Property {name} may not be removed.");
                if (!draft.Properties.Remove(name)) throw CloudError.Conflict($"Property {name} does not exist.");
                break;
            default:
                throw CloudError.Invalid($"Operations must be one of add, replace, remove; not '{verb}'.");
        }
    }

    private static bool Known(ImageDraft draft, string name) => ImageDraft.Base.Contains(name) || draft.Properties.ContainsKey(name);

    private static string Word(JsonElement operation, string member) =>
        operation.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw CloudError.Invalid($"Operation objects must contain a member named \"{member}\" with text.");

    private static string Member(string path)
    {
        if (!path.StartsWith('/')) throw CloudError.Invalid($"Pointer `{path}` does not start with \"/\".");
        var name = path[1..];
        if (name.Contains('/')) throw CloudError.Invalid($"Pointer `{path}` has more than one part; only top-level members can be changed.");
        if (name.Length == 0) throw CloudError.Invalid($"Pointer `{path}` contains no member name.");
        return name.Replace("~1", "/").Replace("~0", "~");
    }
}
