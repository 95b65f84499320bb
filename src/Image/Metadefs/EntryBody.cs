using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>What each kind of entry may say; reads it from a request and gives back what is kept.</summary>
internal static class EntryBody
{
    public const int LongestName = 80;

    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    private static readonly string[] OfProperty =
    [
        "title", "type", "description", "default", "enum", "items", "minimum", "maximum", "minItems", "maxItems", "uniqueItems", "additionalItems",
        "minLength", "maxLength", "pattern", "operators", "readonly",
    ];

    /// <summary>Members that Glance shows and clients therefore send back; they are not the caller's to set.</summary>
    private static readonly string[] ReadOnly = ["self", "schema", "created_at", "updated_at"];

    /// <summary>The entry's name and what is kept beside it. <paramref name="named"/> is the name when it stands outside the object.</summary>
    public static (string Name, JsonObject Body) Read(string kind, Fields from, string? named = null)
    {
        var name = named ?? from.Text("name", 1, LongestName);
        if (name.Length is 0 or > LongestName) throw CloudError.Invalid($"A name in a namespace has 1 to {LongestName} characters.");
        foreach (var member in ReadOnly) from.Has(member);
        var body = kind switch
        {
            "object" => Object(from),
            "property" => Property(from),
            "resource_type" => ResourceType(from),
            _ => [],
        };
        if (named is not null) from.Has("name");
        from.Done();
        return body.ToJsonString().Length <= 65_536 ? (name, body) : throw CloudError.Invalid($"The {kind} {name} is larger than 65536 characters.");
    }

    private static JsonObject Object(Fields from)
    {
        var properties = new JsonObject();
        if (from.ObjectOr("properties") is { } given)
            foreach (var name in given.Names.ToList()) properties[name] = Read("property", given.Object(name), name).Body;
        return new JsonObject
        {
            ["description"] = from.TextOr("description", 0, 500), ["required"] = new JsonArray([.. (from.TextsOr("required") ?? []).Select(t => (JsonNode?)t)]), ["properties"] = properties,
        };
    }

    private static JsonObject Property(Fields from)
    {
        from.Text("title", 1);
        if (from.OneOf("type", Types) is null) throw CloudError.Invalid($"Invalid input: '{from.At("type")}' is a required property.");
        from.TextOr("description", 0, 500);
        from.ItemsOr("enum");
        var body = new JsonObject();
        foreach (var name in OfProperty)
            if (from.Raw(name) is { } raw) body[name] = JsonNode.Parse(raw.GetRawText());
        return body;
    }

    private static JsonObject ResourceType(Fields from)
    {
        var body = new JsonObject();
        foreach (var name in new[] { "prefix", "properties_target" })
            if (from.TextOr(name, 0, LongestName) is { } text) body[name] = text;
        return body;
    }
}
