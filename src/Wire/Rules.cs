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

    public static IReadOnlyDictionary<string, string[]> All => Table;

    public static bool Known(string rule) => Table.ContainsKey(rule);

    public static bool Allows(string rule, Actor? actor) => Table[rule].Any(grant => Satisfies(grant, actor));

    private static bool Satisfies(string grant, Actor? actor)
    {
        if (grant == "anyone") return true;
        if (actor is null) return false;
        if (grant == "any") return true;
        var at = grant.IndexOf('@');
        if (!actor.Roles.Contains(grant[..at])) return false;
        return grant[(at + 1)..] switch
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
