using System.Reflection;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>
/// Who may call what, read from rules.txt: a rule and the grants that satisfy it. A grant is <c>anyone</c> (no token
/// needed), <c>any</c> (any valid token) or <c>role@scope</c> with the scopes project, domain, system and any.
/// Whose object it is, is the handler's question: what the caller may not see is 404.
/// </summary>
public static class Rules
{
    public const string Public = "public";

    private static readonly Dictionary<string, string[]> Table = Load();
    private static readonly Dictionary<string, Grant[]> Grants = Table.ToDictionary(r => r.Key, r => r.Value.Select(Grant.Of).ToArray());

    public static IReadOnlyDictionary<string, string[]> All => Table;

    public static bool Known(string rule) => Table.ContainsKey(rule);

    /// <summary>Asked for every request: it allocates nothing.</summary>
    public static bool Allows(string rule, Actor? actor)
    {
        foreach (var grant in Grants[rule])
            if (grant.Fits(actor)) return true;
        return actor?.Rules is { } rules && rules.Contains(rule) && Delegable(rule, actor);
    }

    /// <summary>
    /// What a bureau may put into a role of its own: what a reader, member or manager may do in that scope anyway. What belongs to the
    /// cloud or to one of the three administrators is never among it.
    /// </summary>
    public static bool Delegable(string rule, Actor actor)
    {
        foreach (var grant in Grants[rule])
            if (grant.Role is "reader" or "member" or "manager" && grant.Reaches(actor)) return true;
        return false;
    }

    /// <summary>One grant, taken apart once.</summary>
    private sealed record Grant(string Role, string Scope)
    {
        public static Grant Of(string text) => text.Split('@') is [var role, var scope] ? new Grant(role, scope) : new Grant(text, "");

        public bool Fits(Actor? actor)
        {
            if (Scope.Length == 0) return Role == "anyone" || actor is not null;
            return actor is not null && actor.Roles.Contains(Role) && Reaches(actor);
        }

        public bool Reaches(Actor actor) => Scope switch
        {
            "project" => actor.ProjectId is not null,
            "domain" => actor.DomainId is not null,
            "system" => actor.SystemScope,
            _ => true,
        };
    }

    private static Dictionary<string, string[]> Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("rules.txt")!);
        var table = new Dictionary<string, string[]>();
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words.Length < 2 || words[1..].Any(w => w is not ("anyone" or "any") && !IsGrant(w))) throw new InvalidOperationException($"rules.txt: '{line}' is not a rule and its grants");
            table.Add(words[0], words[1..]);
        }
        return table;
    }

    private static bool IsGrant(string word) => word.Split('@') is [{ Length: > 0 }, "project" or "domain" or "system" or "any"];
}
