using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Metadefs;

/// <summary>Namespaces and their entries in Glance's JSON.</summary>
internal static class MetadefWire
{
    public static string Self(string ns) => $"/v2/metadefs/namespaces/{Uri.EscapeDataString(ns)}";

    public static JsonObject Of(NamespaceRow row, IReadOnlyList<EntryRow> entries)
    {
        var body = new JsonObject
        {
            ["namespace"] = row.Id, ["display_name"] = row.DisplayName, ["description"] = row.Description, ["visibility"] = row.Visibility, ["protected"] = row.Protected,
            ["owner"] = row.OwnerId, ["created_at"] = Clock.Seconds(row.CreatedAt), ["updated_at"] = Clock.Seconds(row.UpdatedAt),
            ["self"] = Self(row.Id), ["schema"] = "/v2/schemas/metadefs/namespace",
        };
        foreach (var (kind, plural) in new[] { ("resource_type", "resource_type_associations"), ("object", "objects"), ("tag", "tags") })
            if (entries.Where(e => e.Kind == kind).ToList() is { Count: > 0 } some) body[plural] = new JsonArray([.. some.Select(Of)]);
        if (entries.Any(e => e.Kind == "property")) body["properties"] = Properties(entries.Where(e => e.Kind == "property"));
        return body;
    }

    public static JsonObject Of(EntryRow row)
    {
        var body = new JsonObject { ["name"] = row.Name };
        foreach (var (name, value) in JsonNode.Parse(row.Body)!.AsObject()) body[name] = value?.DeepClone();
        if (row.Kind == "property") return body;
        body["created_at"] = Clock.Seconds(row.CreatedAt);
        body["updated_at"] = Clock.Seconds(row.UpdatedAt);
        if (row.Kind == "object")
        {
            body["self"] = $"{Self(row.NamespaceId)}/objects/{Uri.EscapeDataString(row.Name)}";
            body["schema"] = "/v2/schemas/metadefs/object";
        }
        return body;
    }

    public static JsonObject Properties(IEnumerable<EntryRow> rows) => new(rows.Select(r => KeyValuePair.Create(r.Name, (JsonNode?)Of(r))));
}
