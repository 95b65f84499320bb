using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity;

/// <summary>The service as clients see it, and the shapes that all its resources share.</summary>
internal static class Keystone
{
    public static readonly Service Service = new()
    {
        Types = ["identity"], Name = "keystone", Root = "/identity", CatalogPath = "/v3", Prefixes = ["/v3"], Errors = ErrorStyle.Keystone, SlashesAreFree = true,
    };

    public static JsonObject Self(Call call, string path) => new() { ["self"] = call.Link("/identity/v3" + path) };

    /// <summary>The name of something new: not empty, not blank.</summary>
    public static string Name(Fields body, int most = 255)
    {
        var name = body.Text("name", 1, most);
        return name.Trim().Length > 0 ? name : throw CloudError.Invalid("Invalid input for field 'name': it must not be blank.");
    }

    /// <summary>Members that the resource does not know are kept with it, as Keystone does.</summary>
    public static string Extras(Fields body, string? before, params string[] known)
    {
        var extra = before is null ? [] : JsonNode.Parse(before)!.AsObject();
        foreach (var name in body.Names.Except(known).ToList())
        {
            if (name.Length > 64) throw CloudError.Invalid($"The property name '{name[..20]}...' is longer than 64 characters.");
            extra[name] = body.Raw(name) is { } raw ? JsonNode.Parse(raw.GetRawText()) : null;
        }
        var text = extra.ToJsonString();
        return text.Length <= 16_384 ? text : throw CloudError.Invalid("The additional properties are larger than 16384 characters.");
    }

    public static void AddExtras(JsonObject to, string extra)
    {
        foreach (var (name, value) in JsonNode.Parse(extra)!.AsObject()) if (!to.ContainsKey(name)) to[name] = value?.DeepClone();
    }

    public static List<string> Texts(string json) => JsonSerializer.Deserialize<List<string>>(json)!;

    /// <summary>What a missing object is called: <c>Could not find project: 12.</c></summary>
    public static CloudError Missing(string kind, string id) => CloudError.NotFound($"Could not find {kind}: {id}.");

    public static CloudError Duplicate(string kind, string name) => CloudError.Conflict($"Conflict occurred attempting to store {kind} - Duplicate entry found with name {name}. Choose another name.");
}
