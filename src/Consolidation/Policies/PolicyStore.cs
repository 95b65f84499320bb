using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Policies;

/// <summary>The policy that holds in a cluster: its own, else the cloud's default, else none. Overcommit ratios go to Placement, which enforces them.</summary>
internal sealed class PolicyStore(IHosts hosts, IRooms rooms)
{
    /// <summary>The name under which the policy of all clusters without their own is kept.</summary>
    public const string Default = "default";

    /// <summary>Asked whenever a server is placed: where nobody has set a policy it is one small query.</summary>
    public Task<bool> Any(Query q) => q.Db<ConsolidationDb>().Policies.AnyAsync();

    public async Task<Policy> Of(Query q, string cluster)
    {
        var rows = await q.Db<ConsolidationDb>().Policies.Where(p => p.Cluster == cluster || p.Cluster == Default).ToListAsync();
        return (rows.Find(p => p.Cluster == cluster) ?? rows.Find(p => p.Cluster == Default)) is { } row ? Parse(row.Body) : new Policy();
    }

    public async Task<IReadOnlyDictionary<string, Policy>> All(Query q)
    {
        var rows = await q.Db<ConsolidationDb>().Policies.ToDictionaryAsync(p => p.Cluster, p => Parse(p.Body));
        var otherwise = rows.GetValueOrDefault(Default) ?? new Policy();
        return (await hosts.All(q)).Select(h => h.Zone).Distinct().ToDictionary(z => z, z => rows.GetValueOrDefault(z) ?? otherwise);
    }

    public async Task Enforce(Tx tx, string cluster)
    {
        var policy = await Of(tx, cluster);
        var here = (await hosts.All(tx)).Where(h => h.Zone == cluster).Select(h => h.Id).ToList();
        if (policy.Overcommit.Vcpu is { } vcpu) await rooms.Overcommit(tx, here, "VCPU", vcpu);
        if (policy.Overcommit.Memory is { } memory) await rooms.Overcommit(tx, here, "MEMORY_MB", memory);
    }

    public static Policy Parse(string body) => JsonSerializer.Deserialize<Policy>(body, Json.Options)!;

    public static string Text(Policy policy) => JsonSerializer.Serialize(policy, Json.Options);
}
