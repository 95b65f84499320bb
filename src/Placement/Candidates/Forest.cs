using Microsoft.EntityFrameworkCore;
using Xiangyun.Placement.Providers;
using Xiangyun.Store;

namespace Xiangyun.Placement.Candidates;

/// <summary>A provider with all that a search looks at.</summary>
internal sealed class Node(ProviderRow row, IReadOnlyDictionary<string, InventoryRow> inventory)
{
    /// <summary>With this trait a provider gives to every tree that it has an aggregate in common with.</summary>
    public const string Shares = "MISC_SHARES_VIA_AGGREGATE";

    public ProviderRow Row => row;
    public string Id => row.Id;
    public IReadOnlyDictionary<string, InventoryRow> Inventory => inventory;
    public IReadOnlySet<string> Traits { get; } = ProviderStore.List(row.Traits).ToHashSet();
    public IReadOnlySet<string> Aggregates { get; } = ProviderStore.List(row.Aggregates).ToHashSet();
    public Node? Parent { get; set; }
    public Node Root => Parent?.Root ?? this;

    /// <summary>Its own aggregates, and those of its root: that one's span the tree.</summary>
    public IEnumerable<string> Spanned => Parent is null ? Aggregates : Aggregates.Concat(Root.Aggregates);

    /// <summary>Itself, its parent, and so on up to the root.</summary>
    public IEnumerable<Node> Path => Parent is null ? [this] : Parent.Path.Prepend(this);

    public bool Fits(AggregateWish wish) => ReferenceEquals(wish, AggregateWish.None) || wish.Fits(Parent is null ? Aggregates : Spanned.ToHashSet());
}

/// <summary>All providers as trees.</summary>
internal sealed class Forest
{
    public IReadOnlyDictionary<string, Node> Nodes { get; }
    public IReadOnlyList<IReadOnlyList<Node>> Trees { get; }
    public IReadOnlyList<Node> Sharing { get; }

    public Forest(IEnumerable<ProviderRow> providers, IEnumerable<InventoryRow> inventories)
    {
        var stock = inventories.ToLookup(i => i.ProviderId);
        var nodes = providers.Select(p => new Node(p, stock[p.Id].ToDictionary(i => i.Class))).ToDictionary(n => n.Id);
        foreach (var node in nodes.Values) node.Parent = node.Row.ParentId is { } parent ? nodes.GetValueOrDefault(parent) : null;
        Nodes = nodes;
        Trees = [.. nodes.Values.OrderBy(n => n.Id, StringComparer.Ordinal).GroupBy(n => n.Root.Id).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (IReadOnlyList<Node>)[.. g])];
        Sharing = [.. nodes.Values.Where(n => n.Traits.Contains(Node.Shares)).OrderBy(n => n.Id, StringComparer.Ordinal)];
    }

    public static async Task<Forest> Read(Query q) => new(await q.Db<PlacementDb>().Providers.ToListAsync(), await q.Db<PlacementDb>().Inventories.ToListAsync());
}
