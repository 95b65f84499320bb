namespace Xiangyun.Placement.Candidates;

/// <summary>
/// Finds the candidates of a request, tree by tree, lazily: a request with many groups has more combinations than anybody
/// wants to see, so a tree gives at most <see cref="MostOfTree"/> of them, and at most <see cref="MostTries"/> are looked at.
/// </summary>
internal sealed class Search(Forest forest, Request request, bool nested)
{
    private const int MostOfTree = 1000, MostTries = 20_000;

    /// <summary>What one group takes from which providers; several for the group without a suffix.</summary>
    private sealed record Choice(Group Group, IReadOnlyList<(string Class, Node From)> Parts, IReadOnlyList<Node> Nodes);

    public IEnumerable<Candidate> All()
    {
        var seen = new HashSet<string>();
        foreach (var tree in forest.Trees.Where(t => request.Root.Empty || request.Root.Fits(t[0].Root.Traits)))
            foreach (var candidate in OfTree(tree).Take(MostOfTree))
                if (seen.Add(candidate.Key)) yield return candidate;
    }

    private IEnumerable<Candidate> OfTree(IReadOnlyList<Node> tree)
    {
        var aggregates = tree.SelectMany(n => n.Aggregates).ToHashSet();
        var near = tree.Concat(forest.Sharing.Where(s => s.Root != tree[0].Root && s.Aggregates.Overlaps(aggregates))).Where(n => nested || n.Parent is null).ToList();
        var options = request.Groups.Select(g => (IEnumerable<Choice>)(g.Suffix.Length > 0 ? One(g, near) : Spread(g, near)).ToList()).ToList();
        if (options.Exists(o => !o.Any())) return [];
        return Product(options, 0, []).Take(MostTries).Select(Whole).OfType<Candidate>();
    }

    private bool InTree(Group group, Node node) => group.InTree is null || forest.Nodes.TryGetValue(group.InTree, out var wanted) && wanted.Root == node.Root;

    /// <summary>All of a group from one provider.</summary>
    private IEnumerable<Choice> One(Group group, IReadOnlyList<Node> near) => near
        .Where(n => group.Traits.Fits(n.Traits) && n.Fits(group.Aggregates) && InTree(group, n) && group.Resources.All(r => Takes(n, r.Key, r.Value)))
        .Select(n => new Choice(group, [.. group.Resources.Keys.Select(c => (c, n))], [n]));

    /// <summary>Each class of the group from any provider near by; together they have the traits.</summary>
    private IEnumerable<Choice> Spread(Group group, IReadOnlyList<Node> near)
    {
        var open = near.Where(n => !group.Traits.Forbidden.Overlaps(n.Traits) && n.Fits(group.Aggregates) && InTree(group, n)).ToList();
        var byClass = group.Resources.Select(r => (IEnumerable<(string Class, Node From)>)open.Where(n => Takes(n, r.Key, r.Value)).Select(n => (r.Key, n)).ToList()).ToList();
        return Product(byClass, 0, []).Take(MostTries).Select(parts => new Choice(group, parts, [.. parts.Select(p => p.From).Distinct()]))
            .Where(c => group.Traits.Required.All(any => c.Nodes.Any(n => any.Overlaps(n.Traits))));
    }

    private static bool Takes(Node node, string name, long amount) => node.Inventory.TryGetValue(name, out var row) && row.Takes(amount);

    private static IEnumerable<IReadOnlyList<T>> Product<T>(IReadOnlyList<IEnumerable<T>> options, int at, IReadOnlyList<T> chosen) =>
        at == options.Count ? [chosen] : options[at].SelectMany(o => Product(options, at + 1, [.. chosen, o]));

    /// <summary>The choices of all groups together, when they bear each other.</summary>
    private Candidate? Whole(IReadOnlyList<Choice> choices)
    {
        var suffixed = choices.Where(c => c.Group is { Suffix.Length: > 0, Resources.Count: > 0 }).Select(c => c.Nodes[0]).ToList();
        if (request.Apart && suffixed.Distinct().Count() < suffixed.Count) return null;
        if (!request.Subtrees.All(set => OneSubtree([.. choices.Where(c => set.Contains(c.Group.Suffix)).Select(c => c.Nodes[0])]))) return null;
        var amounts = new Dictionary<(string, string), long>();
        foreach (var choice in choices)
            foreach (var (name, from) in choice.Parts) amounts[(from.Id, name)] = amounts.GetValueOrDefault((from.Id, name)) + choice.Group.Resources[name];
        return amounts.All(a => forest.Nodes[a.Key.Item1].Inventory[a.Key.Item2].Takes(a.Value)) ? new Candidate(amounts, choices.ToDictionary(c => c.Group.Suffix, c => c.Nodes)) : null;
    }

    /// <summary>One of them lies above all the others.</summary>
    private static bool OneSubtree(IReadOnlyList<Node> nodes) => nodes.Any(top => nodes.All(n => n.Path.Contains(top)));
}
