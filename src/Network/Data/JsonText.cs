using System.Text.Json;
using System.Text.Json.Nodes;

namespace Xiangyun.Network.Data;

/// <summary>Short ordered lists that are never searched by content live in one JSON column.</summary>
internal static class JsonText
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Wire.Json.Options);
    public static List<T> List<T>(string text) => JsonSerializer.Deserialize<List<T>>(text, Wire.Json.Options)!;
    public static JsonNode Node(string text) => JsonNode.Parse(text)!;
}
