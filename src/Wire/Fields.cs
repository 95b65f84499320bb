using System.Text.Json;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>
/// Reads a JSON object member by member. What is missing, of another type or unknown is refused with the path, what was
/// found and what is wanted; call <see cref="Done"/> when everything known was asked for.
/// </summary>
public sealed class Fields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _asked = [];

    public Fields(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object) throw Wrong("", "an object", element);
        _object = element;
    }

    public IEnumerable<string> Names => _object.EnumerateObject().Select(p => p.Name);

    /// <summary>The member is there, even as null.</summary>
    public bool Has(string name) => Find(name) is not null;

    public bool IsNull(string name) => Find(name) is { ValueKind: JsonValueKind.Null };

    /// <summary>The raw value, null when absent.</summary>
    public JsonElement? Raw(string name) => Find(name);

    public string Text(string name, int min = 0, int max = 255) => TextOr(name, min, max) ?? throw Missing(name);

    /// <summary>Text, or null when absent or null.</summary>
    public string? TextOr(string name, int min = 0, int max = 255)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, "text", value);
        var text = value.GetString()!;
        if (text.Length < min || text.Length > max)
            throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}. Value: {Show(text)}. It must be {min} to {max} characters long, but it has {text.Length}.");
        if (text.Contains('\0')) throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}: the NUL character is not allowed.");
        return text;
    }

    /// <summary>One of a set of words.</summary>
    public string? OneOf(string name, params string[] words)
    {
        var text = TextOr(name);
        if (text is not null && !words.Contains(text))
            throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}. Value: {Show(text)}. It must be one of: {string.Join(", ", words)}.");
        return text;
    }

    /// <summary>A UUID in canonical form, or null when absent or null.</summary>
    public string? IdOr(string name)
    {
        var text = TextOr(name);
        return text is null ? null : Id.Canonical(text) ?? throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}. Value: {Show(text)}. It must be a UUID.");
    }

    public long Number(string name, long min, long max) => NumberOr(name, min, max) ?? throw Missing(name);

    /// <summary>A whole number, also when written as text as old clients do.</summary>
    public long? NumberOr(string name, long min, long max)
    {
        if (Value(name) is not { } value) return null;
        long number;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) || value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), out number))
        {
            if (number < min || number > max) throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}. Value: {number}. It must be between {min} and {max}.");
            return number;
        }
        throw Wrong(name, "a whole number", value);
    }

    /// <summary>true or false, also as the texts that OpenStack clients send.</summary>
    public bool? FlagOr(string name)
    {
        if (Value(name) is not { } value) return null;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "true" or "1" or "yes" or "on" => true,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "false" or "0" or "no" or "off" => false,
            _ => throw Wrong(name, "true or false", value),
        };
    }

    public Fields Object(string name) => ObjectOr(name) ?? throw Missing(name);

    public Fields? ObjectOr(string name) => Value(name) is { } value ? new Fields(value, At(name)) : null;

    /// <summary>A list of objects, or null when absent or null.</summary>
    public List<Fields>? ObjectsOr(string name) => ItemsOr(name)?.Select((item, i) => new Fields(item, $"{At(name)}[{i}]")).ToList();

    /// <summary>A list of texts, or null when absent or null.</summary>
    public List<string>? TextsOr(string name, int max = 255) => ItemsOr(name)?.Select(item =>
        item.ValueKind == JsonValueKind.String && item.GetString()!.Length <= max ? item.GetString()! : throw Wrong(name, $"a list of texts of at most {max} characters", item)).ToList();

    /// <summary>An object whose values are all texts, as metadata is; null when absent or null.</summary>
    public Dictionary<string, string>? MapOr(string name, int max = 255)
    {
        if (ObjectOr(name) is not { } map) return null;
        var found = new Dictionary<string, string>();
        foreach (var key in map.Names.ToList())
        {
            if (key.Length is 0 or > 255) throw CloudError.Invalid($"Invalid input for field/attribute {At(name)}: the name {Show(key)} must be 1 to 255 characters long.");
            found[key] = map.Text(key, 0, max);
        }
        return found;
    }

    public List<JsonElement>? ItemsOr(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "a list", value);
        return [.. value.EnumerateArray()];
    }

    /// <summary>Everything else in the object is unknown and refused.</summary>
    public void Done()
    {
        var unknown = Names.Where(n => !_asked.Contains(n)).Order().ToList();
        if (unknown.Count > 0)
            throw CloudError.Invalid($"Unrecognized attribute(s) '{string.Join(", ", unknown.Select(Show))}'{(_path.Length > 0 ? $" in {_path}" : "")}. Additional properties are not allowed.");
    }

    public string At(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _object.TryGetProperty(name, out var value) ? value : null;
    }

    private JsonElement? Value(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    private CloudError Missing(string name) => CloudError.Invalid($"Invalid input: '{At(name)}' is a required property and must not be null.");

    private CloudError Wrong(string name, string wanted, JsonElement found) =>
        CloudError.Invalid($"Invalid input for field/attribute {At(name)}. Value: {Show(found.GetRawText())}. It must be {wanted}.");

    private static string Show(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
