using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Xiangyun.Evidence;

/// <summary>
/// One byte sequence for one JSON value, after RFC 8785: members in the order of their UTF-16 code units, no spaces, only
/// what must be escaped is escaped, UTF-8. Numbers are written as they stand; our own are whole.
/// </summary>
public static class Canonical
{
    public static byte[] Bytes(JsonElement value)
    {
        var into = new ArrayBufferWriter<byte>(512);
        Write(into, value);
        return into.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The text is not JSON, or an object has a member twice.</exception>
    public static byte[] Bytes(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        return Bytes(document.RootElement);
    }

    /// <summary>An object of texts, whole numbers, lists of texts and ready JSON; null members stay.</summary>
    public static byte[] Object(params IEnumerable<(string Name, object? Value)> members)
    {
        var into = new ArrayBufferWriter<byte>(512);
        Braces(into, members.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => (m.Name, (Action)(() => Write(into, m.Value)))));
        return into.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> into, object? value)
    {
        switch (value)
        {
            case null: into.Write("null"u8); break;
            case string text: Text(into, text); break;
            case long number: into.Write(Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture))); break;
            case byte[] ready: into.Write(ready); break;
            case JsonElement element: Write(into, element); break;
            case IEnumerable<string> texts: Brackets(into, texts, t => Text(into, t)); break;
            default: throw new ArgumentException($"{value.GetType()} has no canonical form");
        }
    }

    private static void Write(ArrayBufferWriter<byte> into, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
                for (var i = 1; i < members.Count; i++)
                    if (members[i].Name == members[i - 1].Name) throw new JsonException($"the member {members[i].Name} stands there twice");
                Braces(into, members.Select(m => (m.Name, (Action)(() => Write(into, m.Value)))));
                break;
            case JsonValueKind.Array: Brackets(into, value.EnumerateArray(), item => Write(into, item)); break;
            case JsonValueKind.String: Text(into, value.GetString()!); break;
            default: into.Write(Encoding.UTF8.GetBytes(value.GetRawText())); break;
        }
    }

    private static void Braces(ArrayBufferWriter<byte> into, IEnumerable<(string Name, Action Value)> members)
    {
        var first = true;
        into.Write("{"u8);
        foreach (var (name, value) in members)
        {
            if (!first) into.Write(","u8);
            first = false;
            Text(into, name);
            into.Write(":"u8);
            value();
        }
        into.Write("}"u8);
    }

    private static void Brackets<T>(ArrayBufferWriter<byte> into, IEnumerable<T> items, Action<T> write)
    {
        var first = true;
        into.Write("["u8);
        foreach (var item in items)
        {
            if (!first) into.Write(","u8);
            first = false;
            write(item);
        }
        into.Write("]"u8);
    }

    private static void Text(ArrayBufferWriter<byte> into, string text)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            _ = c switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        Encoding.UTF8.GetBytes(escaped.Append('"').ToString(), into);
    }
}
