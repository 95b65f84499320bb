using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Image.Metadefs;

/// <summary>What a request wants a namespace to be; on creation it may bring its entries along.</summary>
internal sealed record NamespaceWish(
    string Name, string Owner, string? Visibility, bool? Protected, string? DisplayName, string? Description, IReadOnlyList<(string Kind, string Name, JsonObject Body)> Entries)
{
    private static readonly (string Kind, string List)[] Lists = [("object", "objects"), ("tag", "tags"), ("resource_type", "resource_type_associations")];

    public static NamespaceWish Read(Fields body, string owner)
    {
        foreach (var member in new[] { "self", "schema", "created_at", "updated_at" }) body.Has(member);
        var entries = new List<(string, string, JsonObject)>();
        foreach (var (kind, list) in Lists)
            foreach (var item in body.ObjectsOr(list) ?? []) Add(kind, EntryBody.Read(kind, item));
        if (body.ObjectOr("properties") is { } properties)
            foreach (var name in properties.Names.ToList()) Add("property", EntryBody.Read("property", properties.Object(name), name));
        var wish = new NamespaceWish(body.Text("namespace", 1, EntryBody.LongestName), body.TextOr("owner") ?? owner, body.OneOf("visibility", "public", "private"),
            body.FlagOr("protected"), body.TextOr("display_name", 0, EntryBody.LongestName), body.TextOr("description", 0, 500), entries);
        body.Done();
        return wish;

        void Add(string kind, (string Name, JsonObject Body) entry) => entries.Add((kind, entry.Name, entry.Body));
    }
}
