using System.Text.RegularExpressions;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>
/// What a query asks of providers. Since providers here are flat, all groups of a granular request (resources1, required1 ...)
/// meet in one provider: amounts add up, traits join, and groups that must be kept apart (group_policy=isolate) find nothing.
/// </summary>
internal sealed partial record CandidateRequest
{
    public required IReadOnlyDictionary<string, long> Resources { get; init; }
    public IReadOnlySet<string> Required { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> Forbidden { get; init; } = new HashSet<string>();
    /// <summary>Each set: the provider is in one of these aggregates.</summary>
    public IReadOnlyList<IReadOnlySet<string>> MemberOf { get; init; } = [];
    public string? InTree { get; init; }
    public bool Apart { get; init; }
    public int? Limit { get; init; }

    [GeneratedRegex("^(resources|required|member_of)([1-9][0-9]*)?$")]
    private static partial Regex Group();

    public static CandidateRequest OfProviders(Call call) => new()
    {
        Resources = call.AtLeast(4) && call.QueryOr("resources") is { } text ? ResourceQuery.Parse(text) : new Dictionary<string, long>(),
        Required = call.AtLeast(18) ? Traits(call, ["required"], false) : new HashSet<string>(),
        Forbidden = call.AtLeast(22) ? Traits(call, ["required"], true) : new HashSet<string>(),
        MemberOf = call.AtLeast(3) ? Members(call, ["member_of"]) : [],
        InTree = call.AtLeast(14) ? call.QueryOr("in_tree") : null,
    };

    public static CandidateRequest OfCandidates(Call call)
    {
        var groups = call.QueryNames.Select(n => (Name: n, Match: Group().Match(n))).ToList();
        foreach (var (name, match) in groups)
        {
            var since = match.Success ? match.Groups[2].Success ? 25 : match.Groups[1].Value switch { "required" => 17, "member_of" => 21, _ => 10 } : name switch { "limit" => 16, "group_policy" => 25, _ => int.MaxValue };
            if (!call.AtLeast(since)) throw CloudError.Invalid($"Invalid query string parameters: '{(name.Length > 80 ? name[..80] : name)}' is not known in microversion 1.{call.Version.Minor}.");
        }
        var names = groups.Where(g => g.Match.Success).ToList();
        var numbered = names.Where(g => g.Match.Groups[1].Value == "resources" && g.Match.Groups[2].Success).ToList();
        if (names.FirstOrDefault(g => g.Match.Groups[2].Success && numbered.All(n => n.Match.Groups[2].Value != g.Match.Groups[2].Value)).Name is { } lonely)
            throw CloudError.Invalid($"All traits and aggregates parameters must be associated with resources: '{lonely}' has none.");
        var policy = call.QueryOr("group_policy");
        if (policy is not (null or "none" or "isolate")) throw CloudError.Invalid("group_policy must be 'none' or 'isolate'.");
        if (policy is null && numbered.Count > 1) throw CloudError.Invalid("The \"group_policy\" parameter is required when specifying more than one \"resources{N}\" parameter.");
        var resources = new Dictionary<string, long>();
        foreach (var (name, _) in names.Where(g => g.Match.Groups[1].Value == "resources"))
            foreach (var (resource, amount) in ResourceQuery.Parse(call.QueryOr(name)!)) resources[resource] = checked(resources.GetValueOrDefault(resource) + amount);
        if (resources.Count == 0) throw CloudError.Invalid("At least one request group (`resources` or `resources{N}`) is required.");
        if (call.QueryOr("limit") is { } text && (!int.TryParse(text, out var limit) || limit < 1)) throw CloudError.Invalid("limit must be a whole number of 1 or more.");
        List<string> Named(string kind) => [.. names.Where(g => g.Match.Groups[1].Value == kind).Select(g => g.Name)];
        return new CandidateRequest
        {
            Resources = resources, Required = Traits(call, Named("required"), false), Forbidden = Traits(call, Named("required"), true), MemberOf = Members(call, Named("member_of")),
            Apart = policy == "isolate" && numbered.Count > 1, Limit = call.QueryOr("limit") is { } most ? int.Parse(most) : null,
        };
    }

    public bool Fits(ProviderRow provider, IEnumerable<InventoryRow> inventory)
    {
        if (Apart || InTree is { } root && root != provider.Id) return false;
        var traits = ProviderStore.List(provider.Traits);
        var aggregates = MemberOf.Count == 0 ? [] : ProviderStore.List(provider.Aggregates);
        return Required.All(traits.Contains) && !Forbidden.Any(traits.Contains) && MemberOf.All(any => aggregates.Any(any.Contains))
            && Resources.All(w => inventory.Any(i => i.Class == w.Key && i.Takes(w.Value)));
    }

    private static HashSet<string> Traits(Call call, IEnumerable<string> names, bool forbidden)
    {
        var all = names.SelectMany(n => call.QueryOr(n)?.Split(',') ?? []).ToList();
        if (all.Any(t => t.TrimStart('!').Length == 0) || !call.AtLeast(22) && all.Any(t => t[0] == '!')) throw CloudError.Invalid("Invalid query string parameters: expected 'required' parameter value of the form: HW_CPU_X86_VMX,CUSTOM_MAGIC.");
        return [.. all.Where(t => t[0] == '!' == forbidden).Select(t => forbidden ? t[1..] : t)];
    }

    private static List<IReadOnlySet<string>> Members(Call call, IEnumerable<string> names)
    {
        var all = names.SelectMany(n => call.AtLeast(24) ? call.QueryAll(n) : call.QueryOr(n) is { } last ? [last] : []);
        return [.. all.Select(text => (text.StartsWith("in:", StringComparison.Ordinal) ? text[3..].Split(',') : [text])
            .Select(id => Id.Canonical(id) ?? throw CloudError.Invalid("Expected 'member_of' to be the UUID of an aggregate, or in: and several of them.")).ToHashSet())];
    }
}
