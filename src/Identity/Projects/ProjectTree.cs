using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Projects;

/// <summary>One domain's projects as a tree. A project without a parent hangs on the domain itself.</summary>
internal sealed class ProjectTree
{
    /// <summary>Projects on the way from the top of a domain to a leaf: more than any organisation has, few enough to walk.</summary>
    public const int Deepest = 32;

    internal sealed record Node(string Id, string? ParentId, bool Enabled);

    private readonly Dictionary<string, Node> _all;
    private readonly ILookup<string, Node> _children;

    public ProjectTree(IEnumerable<Node> nodes)
    {
        _all = nodes.ToDictionary(n => n.Id);
        _children = _all.Values.Where(n => n.ParentId is not null).ToLookup(n => n.ParentId!);
    }

    /// <summary>Parent, its parent and so on, nearest first; the domain is not among them.</summary>
    public List<Node> Above(string id)
    {
        var found = new List<Node>();
        while (_all.TryGetValue(id, out var node) && node.ParentId is { } parent && _all.TryGetValue(parent, out var above) && found.Count <= _all.Count)
        {
            found.Add(above);
            id = parent;
        }
        return found;
    }

    public List<Node> Below(string id) => [.. _children[id].SelectMany(child => Below(child.Id).Prepend(child))];

    /// <summary><c>{"parent":{"grandparent":{"domain":null}}}</c></summary>
    public JsonObject IdsAbove(string id, string domainId)
    {
        JsonObject? nested = null;
        foreach (var above in Above(id).Select(n => n.Id).Append(domainId).Reverse()) nested = new JsonObject { [above] = nested };
        return nested!;
    }

    /// <summary><c>{"child":{"grandchild":null},"other":null}</c>; null for a leaf.</summary>
    public JsonObject? IdsBelow(string id)
    {
        if (!_children[id].Any()) return null;
        var nested = new JsonObject();
        foreach (var child in _children[id]) nested[child.Id] = IdsBelow(child.Id);
        return nested;
    }

    public void MustTakeChild(string parentId)
    {
        var branch = Above(parentId).Prepend(_all[parentId]).ToList();
        if (branch.Count >= Deepest) throw CloudError.Forbidden($"The projects of a domain may be nested {Deepest} deep at most; {parentId} is at that depth already.");
        if (branch.Find(n => !n.Enabled) is { } off) throw CloudError.Invalid($"A project cannot be created below the disabled project {off.Id}. Enable it first.");
    }

    public void MustAllowEnabled(string id, bool enabled)
    {
        if (enabled && Above(id).Find(n => !n.Enabled) is { } off) throw CloudError.Forbidden($"Cannot enable the project {id} since its parent {off.Id} is disabled.");
        if (!enabled && Below(id).Find(n => n.Enabled) is { } on) throw CloudError.Forbidden($"Cannot disable the project {id} since its subtree contains the enabled project {on.Id}.");
    }
}
