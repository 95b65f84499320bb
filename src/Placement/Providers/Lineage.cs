using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Placement.Providers;

/// <summary>Who lies in whom. Trees are shallow and few, so the root is found by climbing and stored nowhere.</summary>
internal sealed class Lineage(IReadOnlyDictionary<string, string?> parents)
{
    public static async Task<Lineage> Read(Query q) => new(await q.Db<PlacementDb>().Providers.Select(p => new { p.Id, p.ParentId }).ToDictionaryAsync(p => p.Id, p => p.ParentId));

    /// <summary>Only what one provider's root needs.</summary>
    public static async Task<Lineage> Above(Query q, ProviderRow row)
    {
        var parents = new Dictionary<string, string?> { [row.Id] = row.ParentId };
        for (var id = row.ParentId; id is not null && !parents.ContainsKey(id); id = parents[id]) parents[id] = (await ProviderStore.Find(q, id)).ParentId;
        return new Lineage(parents);
    }

    public string Root(string id)
    {
        while (parents.GetValueOrDefault(id) is { } parent) id = parent;
        return id;
    }

    /// <summary>null when there is no such provider.</summary>
    public string? RootOrNull(string id) => parents.ContainsKey(id) ? Root(id) : null;

    /// <summary>Before a provider is put into another: that must exist, and must not lie in it.</summary>
    public void MustTake(string id, string parent)
    {
        if (!parents.ContainsKey(parent)) throw CloudError.Invalid($"parent provider UUID '{parent}' does not exist.");
        for (string? at = parent; at is not null; at = parents.GetValueOrDefault(at))
            if (at == id) throw CloudError.Invalid("creating loop in the provider tree is not allowed.");
    }
}
