using Microsoft.EntityFrameworkCore;
using Xiangyun.Placement.Candidates;
using Xiangyun.Placement.Vocabulary;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Providers;

/// <summary>The filters of GET /resource_providers: each provider by itself has the room, the traits and the aggregates.</summary>
internal sealed record ProviderFilter(IReadOnlyDictionary<string, long> Resources, TraitWish Traits, AggregateWish Aggregates, string? InTree)
{
    public static ProviderFilter Read(Call call) => new(
        call.AtLeast(4) && call.QueryOr("resources") is { } text ? ResourceQuery.Parse(text) : new Dictionary<string, long>(),
        call.AtLeast(18) ? TraitWish.Read(call, "required", call.AtLeast(22)) : TraitWish.None,
        call.AtLeast(3) ? AggregateWish.Read(call, "member_of") : AggregateWish.None,
        call.AtLeast(14) ? call.QueryOr("in_tree") : null);

    public async Task<List<ProviderRow>> Of(Query q, IQueryable<ProviderRow> rows, Lineage lineage)
    {
        await Names.MustBeTraits(q, Traits.Names);
        await Names.MustBeClasses(q, Resources.Keys);
        var inventories = Resources.Count == 0 ? null : (await q.Db<PlacementDb>().Inventories.ToListAsync()).ToLookup(i => i.ProviderId);
        var root = InTree is null ? null : lineage.RootOrNull(Kernel.Id.Canonical(InTree) ?? InTree);
        return [.. (await rows.OrderBy(p => p.Id).ToListAsync()).Where(p => (InTree is null || root is not null && lineage.Root(p.Id) == root) && Fits(p) && (inventories is null || HasRoom(inventories[p.Id])))];
    }

    private bool Fits(ProviderRow p) => (Traits.Empty || Traits.Fits(ProviderStore.List(p.Traits).ToHashSet()))
        && (ReferenceEquals(Aggregates, AggregateWish.None) || Aggregates.Fits(ProviderStore.List(p.Aggregates).ToHashSet()));

    private bool HasRoom(IEnumerable<InventoryRow> inventory) => Resources.All(w => inventory.Any(i => i.Class == w.Key && i.Takes(w.Value)));
}
