using System.Text.Json.Nodes;

namespace Xiangyun.Engines.Ovn;

/// <summary>The operations of a transaction (RFC 7047, 5.2).</summary>
public static class OvsdbOperation
{
    public static JsonArray All() => [];

    public static JsonArray Is(JsonNode uuid) => [new JsonArray("_uuid", "==", uuid)];

    public static JsonArray Includes(string column, JsonNode value) => [new JsonArray(column, "includes", value)];

    public static JsonObject Select(string table, JsonArray where, params IEnumerable<string> columns) => new()
    {
        ["op"] = "select", ["table"] = table, ["where"] = where, ["columns"] = new JsonArray([.. columns.Select(c => JsonValue.Create(c))]),
    };

    public static JsonObject Insert(string table, string name, JsonObject row) => new() { ["op"] = "insert", ["table"] = table, ["uuid-name"] = name, ["row"] = row };

    public static JsonObject Update(string table, JsonArray where, JsonObject row) => new() { ["op"] = "update", ["table"] = table, ["where"] = where, ["row"] = row };

    public static JsonObject Mutate(string table, JsonArray where, string column, string mutator, JsonNode value) => new()
    {
        ["op"] = "mutate", ["table"] = table, ["where"] = where, ["mutations"] = new JsonArray(new JsonArray(column, mutator, value)),
    };

    public static JsonObject Delete(string table, JsonArray where) => new() { ["op"] = "delete", ["table"] = table, ["where"] = where };

    /// <summary>The transaction fails unless no row matches.</summary>
    public static JsonObject Nobody(string table, JsonArray where) => new()
    {
        ["op"] = "wait", ["table"] = table, ["timeout"] = 0, ["where"] = where, ["columns"] = new JsonArray("_uuid"), ["until"] = "==", ["rows"] = new JsonArray(),
    };
}
