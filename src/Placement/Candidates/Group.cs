namespace Xiangyun.Placement.Candidates;

/// <summary>
/// One group of a request. With a suffix all of it comes from one provider; the group without one may be spread over a tree
/// and over what shares with it.
/// </summary>
internal sealed record Group(string Suffix, IReadOnlyDictionary<string, long> Resources, TraitWish Traits, AggregateWish Aggregates, string? InTree);

/// <summary>What a candidates query asks for.</summary>
/// <param name="Apart">Each suffixed group from another provider.</param>
/// <param name="Subtrees">Sets of suffixes whose providers lie below one that is among them.</param>
internal sealed record Request(IReadOnlyList<Group> Groups, bool Apart, TraitWish Root, IReadOnlyList<IReadOnlySet<string>> Subtrees, int Limit)
{
    public IReadOnlySet<string> Classes { get; } = Groups.SelectMany(g => g.Resources.Keys).ToHashSet();
}
