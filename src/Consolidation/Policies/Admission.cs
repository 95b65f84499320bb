using Xiangyun.Compute.Public;
using Xiangyun.Fleet.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Policies;

/// <summary>
/// What a cluster's policy says when a server is admitted: room for the failure of so many hosts is kept (C13), and hosts that are kept for
/// some projects take no others. A server that moves adds nothing: for it the reserve is not asked, or nothing could be rescued.
/// </summary>
internal sealed class Admission(PolicyStore policies, IServers servers) : IAdmission
{
    private static readonly (string Class, string Unit)[] Kept = [("VCPU", "vCPU"), ("MEMORY_MB", "MiB of memory")];

    public async Task<IReadOnlyDictionary<string, Reason>> Refused(Query q, Demand demand, IReadOnlyList<HostView> hosts, IReadOnlyList<Room> rooms)
    {
        var refused = new Dictionary<string, Reason>();
        foreach (var (host, projects) in await servers.Dedicated(q))
            if (!projects.Contains(demand.ProjectId)) refused[host] = new("is kept for other projects (filter_tenant_id of its aggregate)", "kept for other projects");
        if (demand.Moves || !await policies.Any(q)) return refused;
        foreach (var (cluster, policy) in (await policies.All(q)).Where(p => p.Value.ReserveHosts > 0))
        {
            var there = hosts.Where(h => h.Zone == cluster && h is { Alive: true, Enabled: true }).Select(h => h.Id).ToHashSet();
            foreach (var (name, unit) in Kept)
            {
                if (demand.Resources.GetValueOrDefault(name) is not (> 0 and var wanted)) continue;
                var left = Survival.Left(rooms.Where(r => r.Class == name && there.Contains(r.HostId)).Select(r => (r.Capacity, r.Used)), policy.ReserveHosts);
                if (left >= wanted) continue;
                foreach (var host in there) refused.TryAdd(host, new($"room for the failure of {policy.ReserveHosts} host(s) is kept in {cluster}: needs {wanted} {unit}, {Math.Max(0, left)} are left beside the reserve", $"room is kept for the failure of a host, and beside it less than {wanted} {unit} is left"));
            }
        }
        return refused;
    }
}
