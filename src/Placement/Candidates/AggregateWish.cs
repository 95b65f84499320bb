using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>What is demanded of a provider's aggregates: to be in one of each set, and in none of the forbidden ones.</summary>
internal sealed record AggregateWish(IReadOnlyList<IReadOnlySet<string>> Members, IReadOnlySet<string> Forbidden)
{
    public static readonly AggregateWish None = new([], new HashSet<string>());

    public bool Fits(IReadOnlySet<string> aggregates) => Members.All(any => any.Overlaps(aggregates)) && !Forbidden.Overlaps(aggregates);

    /// <summary><c>A</c> or <c>in:A,B</c>, several times from 1.24; from 1.32 each may begin with <c>!</c>.</summary>
    public static AggregateWish Read(Call call, string name)
    {
        var all = call.AtLeast(24) ? call.QueryAll(name) : call.QueryOr(name) is { } last ? [last] : [];
        if (all.Count == 0) return None;
        var (members, forbidden) = (new List<IReadOnlySet<string>>(), new HashSet<string>());
        foreach (var text in all)
        {
            var not = call.AtLeast(32) && text.StartsWith('!');
            var rest = not ? text[1..] : text;
            var ids = (rest.StartsWith("in:", StringComparison.Ordinal) ? rest[3..].Split(',') : [rest])
                .Select(id => Id.Canonical(id) ?? throw CloudError.Invalid($"Expected '{name}' to be the UUID of an aggregate, or in: and several of them.")).ToHashSet();
            if (not) forbidden.UnionWith(ids);
            else members.Add(ids);
        }
        return new AggregateWish(members, forbidden);
    }
}
