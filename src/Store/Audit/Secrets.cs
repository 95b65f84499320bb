using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Xiangyun.Store.Audit;

/// <summary>
/// What never gets into the audit log: the one list of names. A member whose name contains one of them keeps its name and
/// loses its value, at any depth, also inside JSON that stands as text in a column or in metadata.
/// </summary>
public static partial class Secrets
{
    public const string Hidden = "***";
    private const int Longest = 500;
    private const int MostRemembered = 5000;
    private static readonly ConcurrentDictionary<string, bool> Judged = new();

    /// <summary>Names without case, dashes and underscores.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "password", "passwd", "passphrase", "adminpass", "secret", "token", "privatekey", "secretkey", "accesskey", "apikey", "authkey", "encryptionkey", "keyhash", "salt",
        "credential", "cookie", "authorization", "blob", "userdata", "personality", "injectedfiles", "totp", "otp", "pin", "sealed",
    ];

    /// <summary>Names that contain such a word and tell no secret.</summary>
    private static readonly HashSet<string> Harmless = ["passwordchanged", "passwordchangedat", "credentialid", "applicationcredentialid"];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool Is(string name) => Judged.TryGetValue(name, out var known) ? known : Remember(name);

    private static bool Remember(string name)
    {
        var secret = Judge(name);
        if (Judged.Count < MostRemembered) Judged[name] = secret;
        return secret;
    }

    private static bool Judge(string name)
    {
        var word = Filler().Replace(name, "").ToLowerInvariant();
        return !Harmless.Contains(word) && Names.Any(n => n.Length > 4 ? word.Contains(n, StringComparison.Ordinal) : word == n);
    }

    /// <summary>The detail of an audit row as JSON, masked.</summary>
    public static string? Masked(object? detail)
    {
        if (detail is null) return null;
        var node = JsonSerializer.SerializeToNode(detail, Plain);
        return node is null ? null : Text(Masked(node)!);
    }

    public static string Text(JsonNode node) => node.ToJsonString(Plain);

    /// <summary>A value as the log keeps it: texts are shortened, JSON inside of a text is opened and masked.</summary>
    public static JsonNode? Value(string name, object? value)
    {
        if (value is null) return null;
        if (Is(name)) return value is "" ? "" : Hidden;
        return value switch
        {
            string text => Opened(text),
            bool flag => flag,
            long number => number,
            int number => number,
            short number => number,
            double number => number,
            float number => number,
            decimal number => number,
            _ => value.ToString(),
        };
    }

    /// <summary>What an error's message says, without the values that the caller sent.</summary>
    public static string Message(string message) => Short(Given().Replace(message, "Value: " + Hidden), Longest)!;

    public static string? Short(string? text, int most)
    {
        if (text is null || text.Length <= most) return text;
        if (char.IsHighSurrogate(text[most - 1])) most--;
        return $"{text[..most]}... ({text.Length} characters)";
    }

    private static JsonNode? Opened(string text)
    {
        if (text is ['{', .., '}'] or ['[', .., ']'])
        {
            try
            {
                return Masked(JsonNode.Parse(text));
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                // Looks like JSON and is none: a text like any other.
            }
        }
        return Short(text, Longest);
    }

    private static JsonNode? Masked(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Hides(m.Key, m.Value) ? Hidden : Masked(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Masked)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Opened(text),
        null => null,
        _ => node.DeepClone(),
    };

    /// <summary>true, false, null and "" of a secret tell whether there is one, not what it is.</summary>
    private static bool Hides(string name, JsonNode? value) =>
        Is(name) && value is not null && value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null) && !(value is JsonValue v && v.TryGetValue<string>(out var text) && text.Length == 0);

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex Filler();

    [GeneratedRegex(@"Value: .*(?=\. It must )|Value: .*$", RegexOptions.Singleline)]
    private static partial Regex Given();
}
