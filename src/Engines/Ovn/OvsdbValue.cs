using System.Text.Json.Nodes;

namespace Xiangyun.Engines.Ovn;

/// <summary>Values as OVSDB writes them (RFC 7047, 5.1): a set of one is the value itself, maps and uuids are tagged arrays.</summary>
public static class OvsdbValue
{
    public static JsonNode Set(IEnumerable<JsonNode> items) => new JsonArray("set", new JsonArray([.. items]));

    public static JsonNode Texts(IEnumerable<string> items) => Set(items.Select(i => (JsonNode)JsonValue.Create(i)));

    public static JsonNode None() => Set([]);

    public static JsonNode Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new JsonArray("map", new JsonArray([.. pairs.Select(p => new JsonArray(p.Key, p.Value))]));

    public static JsonNode Numbers(IEnumerable<(string Key, long Value)> pairs) => new JsonArray("map", new JsonArray([.. pairs.Select(p => new JsonArray(p.Key, p.Value))]));

    public static JsonNode Uuid(string id) => new JsonArray("uuid", id);

    public static JsonNode NewRow(string name) => new JsonArray("named-uuid", name);

    /// <summary>Equal values have equal texts, however they were written and ordered.</summary>
    public static string Canonical(JsonNode? value) => value switch
    {
        JsonArray { Count: 2 } a when (string?)a[0] == "set" => Join(a[1]!.AsArray().Select(Canonical)),
        JsonArray { Count: 2 } a when (string?)a[0] == "map" => Join(a[1]!.AsArray().Select(p => p!.ToJsonString())),
        _ => value?.ToJsonString() ?? "",
    };

    /// <summary>The members of a set, or the one value.</summary>
    public static IEnumerable<JsonNode> Members(JsonNode? value) =>
        value is JsonArray { Count: 2 } a && a[0] is JsonValue tag && (string?)tag == "set" ? a[1]!.AsArray().Select(m => m!) : value is null ? [] : [value];

    public static IEnumerable<string> Uuids(JsonNode? value) => Members(value).Select(m => (string)m[1]!);

    /// <summary>A value of a map column, null when the key is not there.</summary>
    public static string? At(JsonNode? map, string key) =>
        map is JsonArray { Count: 2 } a ? a[1]!.AsArray().Where(p => (string?)p![0] == key).Select(p => (string?)p![1]).FirstOrDefault() : null;

    private static string Join(IEnumerable<string> items) => string.Join(',', items.Order(StringComparer.Ordinal));
}
