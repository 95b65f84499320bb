using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.DomainConfigs;

/// <summary>Which options a domain may keep, and what they are when it keeps none.</summary>
internal static class OptionRules
{
    private const int Longest = 1024;

    /// <summary>Whoever reads a domain's options must not read a directory's password: it is kept sealed and never shown.</summary>
    private static readonly string[] Sensitive = ["password"];

    public static bool IsSecret(string name) => Sensitive.Contains(name);

    public static JsonObject Defaults() => new()
    {
        ["identity"] = new JsonObject { ["driver"] = "sql", ["list_limit"] = Page.Max },
        ["ldap"] = new JsonObject { ["url"] = "ldap://localhost", ["user"] = null, ["suffix"] = "cn=example,cn=com", ["user_tree_dn"] = null, ["group_tree_dn"] = null },
    };

    public static JsonObject Group(string group) => Defaults()[group]?.DeepClone() as JsonObject
        ?? throw CloudError.Forbidden($"The group {group} is not supported for domain configurations; there are identity and ldap.");

    /// <summary>The options of one group, each read as text, number or flag.</summary>
    public static IEnumerable<(string Group, string Name, string Value)> Read(string group, Fields options)
    {
        Group(group);
        foreach (var name in options.Names.ToList())
        {
            if (name.Length is 0 or > 255) throw CloudError.Invalid("An option's name has 1 to 255 characters.");
            var raw = options.Raw(name)!.Value;
            if (raw.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                throw CloudError.Invalid($"The option {options.At(name)} must be text, a number, true or false.");
            var value = raw.GetRawText();
            if (value.Length > Longest) throw CloudError.Invalid($"The option {options.At(name)} is longer than {Longest} characters.");
            yield return (group, name, value);
        }
    }

    public static JsonObject Wire(IEnumerable<OptionRow> rows)
    {
        var config = new JsonObject();
        foreach (var group in rows.GroupBy(r => r.Section))
            config[group.Key] = new JsonObject(group.Where(r => !IsSecret(r.Name)).Select(r => KeyValuePair.Create(r.Name, JsonNode.Parse(r.Value))));
        return config;
    }
}
