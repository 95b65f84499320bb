namespace Xiangyun.Placement.Candidates;

/// <summary>One way to satisfy a request: how much of which class from which provider, and which providers serve which group.</summary>
internal sealed record Candidate(IReadOnlyDictionary<(string Provider, string Class), long> Amounts, IReadOnlyDictionary<string, IReadOnlyList<Node>> Mapping)
{
    public IEnumerable<Node> Nodes => Mapping.Values.SelectMany(n => n).DistinctBy(n => n.Id);

    /// <summary>Two ways that take the same from the same for the same groups are one.</summary>
    public string Key => string.Join(';', Amounts.OrderBy(a => a.Key.Provider, StringComparer.Ordinal).ThenBy(a => a.Key.Class, StringComparer.Ordinal).Select(a => $"{a.Key.Provider}/{a.Key.Class}={a.Value}"))
        + "|" + string.Join(';', Mapping.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}:{string.Join(',', m.Value.Select(n => n.Id).Order(StringComparer.Ordinal))}"));
}
