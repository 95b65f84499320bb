using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Subnets;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Network.Networks;

/// <summary>Tells each host for which networks it must serve metadata: those with a port that lives there.</summary>
internal sealed class NetworkPlans : IHostPlanPart
{
    public async Task Contribute(Query q, string hostId, HostPlan plan)
    {
        var db = q.Db<NetworkDb>();
        var networks = db.Ports.Where(p => p.HostId == hostId).Select(p => p.NetworkId).Distinct();
        var found = await (from p in db.Ports
                           join a in db.Addresses on p.Id equals a.PortId
                           join s in db.Subnets on a.SubnetId equals s.Id
                           where p.DeviceOwner == PortOwners.Metadata && networks.Contains(p.NetworkId)
                           orderby p.NetworkId, a.Position
                           select new { p.NetworkId, p.Id, p.Mac, a.Ip, s.Cidr }).ToListAsync();
        foreach (var port in found.GroupBy(f => (f.NetworkId, f.Id, f.Mac)))
            plan.Networks.Add(new NetworkPlan
            {
                Id = port.Key.NetworkId, MetadataPortId = port.Key.Id, MetadataMac = port.Key.Mac,
                MetadataCidrs = { port.Select(a => $"{a.Ip}/{Cidr.Of(a.Cidr).Prefix}") },
            });
    }
}
