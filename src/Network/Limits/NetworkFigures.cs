using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Network.Limits;

/// <summary>Addresses that can be reached from outside, by project, and networks.</summary>
internal sealed class NetworkFigures : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var db = q.Db<NetworkDb>();
        var addresses = await db.FloatingIps.GroupBy(f => f.ProjectId).Select(g => new { Project = g.Key, Count = g.Count() }).ToListAsync();
        return
        [
            new("floating_ips", addresses.Sum(a => a.Count), "addresses", "/topology") { Shares = addresses.ToDictionary(a => a.Project, a => (double)a.Count) },
            new("networks", await db.Networks.CountAsync(), "networks", "/networks"),
        ];
    }
}
