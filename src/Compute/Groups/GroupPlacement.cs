using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Compute.Groups;

/// <summary>Narrows where a server may be placed to what its group and its hints allow.</summary>
internal sealed class GroupPlacement(IAllocations allocations)
{
    /// <summary>The demand of a new server. A soft policy that no host can keep is let go.</summary>
    public async Task<Demand> ForNew(Query q, Actor actor, Demand demand, PlacementHints hints)
    {
        if (!hints.Any) return demand;
        if (hints.SameHost.Count > 0) demand = Only(demand, await HostsOf(q, actor, hints.SameHost), "is not a host of the servers that same_host names");
        if (hints.DifferentHost.Count > 0) demand = Not(demand, await HostsOf(q, actor, hints.DifferentHost), "has a server that different_host names");
        if (hints.GroupId is null) return demand;
        var group = await Find(q, actor, hints.GroupId);
        return await Within(q, demand, group, null);
    }

    /// <summary>The demand of a server that moves: its group still holds.</summary>
    public async Task<Demand> ForMove(Query q, Demand demand, string serverId)
    {
        var db = q.Db<ComputeDb>();
        var group = await db.Groups.SingleOrDefaultAsync(g => db.GroupMembers.Any(m => m.ServerId == serverId && m.GroupId == g.Id));
        return group is null ? demand : await Within(q, demand, group, serverId);
    }

    public static async Task<GroupRow> Find(Query q, Actor actor, string groupId) =>
        await q.Db<ComputeDb>().Groups.SingleOrDefaultAsync(g => g.Id == groupId) is { } group && actor.MaySee(group.ProjectId) ? group : throw CloudError.Invalid($"Instance group {groupId} could not be found.");

    private async Task<Demand> Within(Query q, Demand demand, GroupRow group, string? but)
    {
        var db = q.Db<ComputeDb>();
        var taken = await db.Servers.Where(s => s.DeletedAt == null && s.HostId != null && s.Id != but && db.GroupMembers.Any(m => m.ServerId == s.Id && m.GroupId == group.Id))
            .GroupBy(s => s.HostId!).Select(g => new { Host = g.Key, Count = g.LongCount() }).ToListAsync();
        if (taken.Count == 0) return demand;
        var strict = group.Policy.EndsWith("anti-affinity", StringComparison.Ordinal)
            ? Not(demand, [.. taken.Where(t => t.Count >= (group.MostPerHost ?? 1)).Select(t => t.Host)], $"has servers of the group {group.Name} ({group.Policy})")
            : Only(demand, [.. taken.Select(t => t.Host)], $"has no server of the group {group.Name} ({group.Policy})");
        if (!group.Policy.StartsWith("soft-", StringComparison.Ordinal)) return strict;
        return (await allocations.Explain(q, strict)).Any(v => v.Fits) ? strict : demand;
    }

    private static async Task<HashSet<string>> HostsOf(Query q, Actor actor, IReadOnlyList<string> servers)
    {
        var rows = await q.Db<ComputeDb>().Servers.Where(s => servers.Contains(s.Id) && s.DeletedAt == null && s.HostId != null).Select(s => new { s.ProjectId, s.HostId }).ToListAsync();
        return [.. rows.Where(r => actor.MaySee(r.ProjectId)).Select(r => r.HostId!)];
    }

    private static Demand Only(Demand demand, HashSet<string> hosts, string because) => demand.Only is null
        ? demand with { Only = hosts, OnlyBecause = because } : demand with { Only = demand.Only.Intersect(hosts).ToHashSet(), OnlyBecause = $"{demand.OnlyBecause}, or {because}" };

    private static Demand Not(Demand demand, HashSet<string> hosts, string because) =>
        demand with { Not = demand.Not.Union(hosts).ToHashSet(), NotBecause = demand.NotBecause is null ? because : $"{demand.NotBecause}, or {because}" };
}
