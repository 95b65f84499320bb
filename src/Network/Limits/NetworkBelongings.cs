using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Network.Limits;

/// <summary>Networks belong to projects, never to a person.</summary>
internal sealed class NetworkBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        if (owner.ProjectIds is not { } projects) return [];
        var db = q.Db<NetworkDb>();
        return
        [
            await Heap.Of("network", db.Networks.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId))),
            await Heap.Of("router", db.Routers.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId))),
            await Heap.Of("port", db.Ports.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId))),
            await Heap.Of("floating_ip", db.FloatingIps.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Ip, n.ProjectId))),
        ];
    }
}
