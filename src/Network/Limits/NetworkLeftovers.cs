using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Store;
using Xiangyun.Store.Idle;

namespace Xiangyun.Network.Limits;

/// <summary>Floating addresses that lead nowhere: bound to no port, and no port of theirs is forwarded; since they were changed last.</summary>
internal sealed class NetworkLeftovers : ILeftovers
{
    private static IQueryable<FloatingIpRow> Rows(Query q)
    {
        var forwarded = q.Db<NetworkDb>().Forwardings.Select(f => f.FloatingIpId);
        return q.Db<NetworkDb>().FloatingIps.Where(f => f.PortId == null && !forwarded.Contains(f.Id));
    }

    public async Task<IReadOnlyList<string>> Projects(Query q) => await Rows(q).Select(f => f.ProjectId).Distinct().ToListAsync();

    public async Task<IReadOnlyList<Leftover>> Of(Query q, string projectId) =>
        (await Rows(q).Where(f => f.ProjectId == projectId).OrderBy(f => f.Id).ToListAsync()).ConvertAll(f => new Leftover("floating_ip", f.Id, f.Ip, f.ProjectId, Math.Max(f.CreatedAt, f.UpdatedAt), "network.floatingip", 1));
}
