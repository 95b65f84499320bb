using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>Reads the query of GET /allocation_candidates: resources, traits, aggregates and trees, each alone or with the suffix of its group.</summary>
internal static partial class RequestQuery
{
    [GeneratedRegex("^(resources|required|member_of|in_tree)([1-9][0-9]*)?$")]
    private static partial Regex Numbered();

    [GeneratedRegex("^(resources|required|member_of|in_tree)([a-zA-Z0-9_-]{1,64})?$")]
    private static partial Regex Named();

    private sealed record Part(string Name, string Kind, string Suffix);

    public static Request Read(Call call)
    {
        var parts = call.QueryNames.Select(n => One(call, n)).OfType<Part>().ToList();
        var subtrees = call.QueryAll("same_subtree").Select(t => (IReadOnlySet<string>)t.Split(',').ToHashSet()).ToList();
        var groups = parts.GroupBy(p => p.Suffix).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Group(call, g.Key, [.. g])).ToList();
        if (groups.TrueForAll(g => g.Resources.Count == 0)) throw CloudError.Invalid("At least one request group (`resources` or `resources{$S}`) is required.");
        var named = subtrees.SelectMany(s => s).ToHashSet();
        if (groups.Find(g => g.Resources.Count == 0 && !named.Contains(g.Suffix)) is { } lonely)
            throw CloudError.Invalid($"All traits and aggregates parameters must be associated with resources: the group '{lonely.Suffix}' has none.");
        if (named.FirstOrDefault(s => s.Length == 0 || groups.TrueForAll(g => g.Suffix != s)) is { } unknown) throw CloudError.Invalid($"Real suffixes should be specified in 'same_subtree'; the request has no group '{unknown}'.");
        var policy = call.QueryOr("group_policy");
        if (policy is not (null or "none" or "isolate")) throw CloudError.Invalid("group_policy must be 'none' or 'isolate'.");
        if (policy is null && groups.Count(g => g.Suffix.Length > 0 && g.Resources.Count > 0) > 1) throw CloudError.Invalid("The \"group_policy\" parameter is required when specifying more than one \"resources{N}\" parameter.");
        var root = call.AtLeast(35) ? TraitWish.Read(call, "root_required", mayForbid: true) : TraitWish.None;
        return new Request(groups, policy == "isolate", root, subtrees, Limit(call));
    }

    private static int Limit(Call call) => call.QueryOr("limit") is not { } text ? int.MaxValue
        : int.TryParse(text, out var limit) && limit >= 1 ? limit : throw CloudError.Invalid("limit must be a whole number of 1 or more.");

    /// <summary>null for a parameter of the whole request.</summary>
    private static Part? One(Call call, string name)
    {
        var whole = name switch { "limit" => 16, "group_policy" => 25, "root_required" => 35, "same_subtree" => 36, _ => 0 };
        if (whole > 0 && call.AtLeast(whole)) return null;
        var match = (call.AtLeast(33) ? Named() : Numbered()).Match(name);
        var since = !match.Success || whole > 0 ? int.MaxValue : match.Groups[1].Value == "in_tree" ? 31 : match.Groups[2].Success ? 25 : match.Groups[1].Value switch { "required" => 17, "member_of" => 21, _ => 10 };
        if (!call.AtLeast(since)) throw CloudError.Invalid($"Invalid query string parameters: '{(name.Length > 80 ? name[..80] : name)}' is not known in microversion 1.{call.Version.Minor}.");
        return new Part(name, match.Groups[1].Value, match.Groups[2].Value);
    }

    private static Group Group(Call call, string suffix, List<Part> parts)
    {
        string? Of(string kind) => parts.Find(p => p.Kind == kind)?.Name;
        var tree = Of("in_tree") is { } name ? Id.Canonical(call.QueryOr(name)) ?? throw CloudError.Invalid($"Expected '{name}' parameter to be the UUID of a resource provider.") : null;
        return new Group(suffix, Of("resources") is { } resources ? ResourceQuery.Parse(call.QueryOr(resources)!) : new Dictionary<string, long>(),
            Of("required") is { } required ? TraitWish.Read(call, required, call.AtLeast(22)) : TraitWish.None, Of("member_of") is { } members ? AggregateWish.Read(call, members) : AggregateWish.None, tree);
    }
}
