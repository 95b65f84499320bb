namespace Xiangyun.Store.Quotas;

public sealed record OrganisationNode(string Id, string? ParentId, string? Name = null);

/// <summary>
/// How one resource is divided over the tree of organisations. A node with a grant of its own holds that much; what lies
/// below it either has a grant carved out of it, or shares what is left. Pure.
/// </summary>
public sealed class Carving(IEnumerable<OrganisationNode> nodes, IReadOnlyDictionary<string, long> granted)
{
    private readonly Dictionary<string, string?> _parents = nodes.ToDictionary(n => n.Id, n => n.ParentId);
    private ILookup<string, string>? _children;

    private ILookup<string, string> Children => _children ??= _parents.Where(n => n.Value is not null).ToLookup(n => n.Value!, n => n.Key);

    public bool Has(string id) => granted.ContainsKey(id);

    /// <summary>The nearest node above that has a grant; null = nobody bounds this node.</summary>
    public string? Holder(string id)
    {
        for (var above = _parents.GetValueOrDefault(id); above is not null; above = _parents.GetValueOrDefault(above))
            if (granted.ContainsKey(above)) return above;
        return null;
    }

    /// <summary>Whose quota this node uses: its own, or that of the nearest one above; null = nobody bounds it.</summary>
    public string? Source(string id) => Has(id) ? id : Holder(id);

    /// <summary>The nearest nodes below that have grants: what was handed out of this one.</summary>
    public IEnumerable<string> Handed(string id) => Children[id].SelectMany(child => granted.ContainsKey(child) ? [child] : Handed(child));

    /// <summary>This node, and those below it that have no grant: what they use comes out of this one.</summary>
    public IEnumerable<string> Sharing(string id) => Children[id].Where(child => !granted.ContainsKey(child)).SelectMany(Sharing).Prepend(id);

    /// <summary>This node and everything below it.</summary>
    public IEnumerable<string> Below(string id) => Children[id].SelectMany(Below).Prepend(id);

    public long HandedOut(string id) => Handed(id).Sum(child => granted[child]);

    /// <summary>The same tree after this node's grant became another.</summary>
    public Carving With(string id, long? value)
    {
        var changed = granted.Where(g => g.Key != id).ToDictionary();
        if (value is { } amount) changed[id] = amount;
        return new Carving(_parents.Select(n => new OrganisationNode(n.Key, n.Value)), changed);
    }

    public long Grant(string id) => granted[id];
}
