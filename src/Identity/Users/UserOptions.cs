using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Users;

/// <summary>The options of one user: which of the cloud's password rules do not hold for it, and which factors it must prove.</summary>
internal sealed class UserOptions(string json)
{
    private static readonly string[] Flags =
    [
        "ignore_change_password_upon_first_use", "ignore_password_expiry", "ignore_lockout_failure_attempts", "ignore_user_inactivity", "lock_password", "multi_factor_auth_enabled",
    ];
    private const string Rules = "multi_factor_auth_rules";
    private readonly JsonObject _all = JsonNode.Parse(json)!.AsObject();

    public bool Is(string flag) => _all[flag]?.GetValue<bool>() == true;

    public JsonObject Wire => _all.DeepClone().AsObject();

    /// <summary>Sets of methods, one of which must be proven whole; empty = any method will do.</summary>
    public IReadOnlyList<IReadOnlyList<string>> FactorRules => !Is("multi_factor_auth_enabled") || _all[Rules] is not JsonArray rules ? []
        : [.. rules.Select(rule => (IReadOnlyList<string>)[.. rule!.AsArray().Select(m => m!.GetValue<string>())])];

    /// <summary>The options after a change; a null takes one away.</summary>
    public string With(Fields? changes)
    {
        if (changes is null) return json;
        var next = Wire;
        foreach (var name in changes.Names.ToList())
        {
            if (name != Rules && !Flags.Contains(name)) throw CloudError.Invalid($"Invalid input: the option '{name}' is unknown; known are {string.Join(", ", Flags)} and {Rules}.");
            if (changes.IsNull(name)) next.Remove(name);
            else next[name] = name == Rules ? Read(changes) : Flag(changes, name);
        }
        return next.ToJsonString();
    }

    private static JsonNode Flag(Fields changes, string name) => changes.Raw(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } raw
        ? JsonValue.Create(raw.GetBoolean()) : throw CloudError.Invalid($"Invalid input for field {changes.At(name)}: it must be true or false.");

    private static JsonArray Read(Fields changes)
    {
        var rules = changes.ItemsOr(Rules)!;
        var read = new JsonArray();
        foreach (var rule in rules)
        {
            if (rule.ValueKind != JsonValueKind.Array || rule.GetArrayLength() == 0 || rule.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String || !Tokens.TicketFormat.Knows(m.GetString()!)))
                throw CloudError.Invalid($"Invalid input for field {changes.At(Rules)}: each rule is a list of methods that this cloud offers, such as password and totp.");
            read.Add(new JsonArray([.. rule.EnumerateArray().Select(m => JsonValue.Create(m.GetString()))]));
        }
        return read;
    }
}
