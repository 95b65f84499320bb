using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
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
await Heap.Of("floating_ip", db.FloatingIps.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Ip, n.ProjectId)), new Ending("neutron", "DELETE", "/floatingips/{id}")),
            await Heap.Of("router_interface", db.Ports.Where(n => projects.Contains(n.ProjectId) && n.DeviceOwner == PortOwners.RouterInterface).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId) { Via = n.DeviceId }),
                new Ending("neutron", "PUT", "/routers/{via}/remove_router_interface", """{"port_id":"{id}"}""")),
            await Heap.Of("router", db.Routers.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/routers/{id}")),
            await Heap.Of("trunk", db.Trunks.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/trunks/{id}")),
            await Heap.Of("port", db.Ports.Where(n => projects.Contains(n.ProjectId) && !n.DeviceOwner.StartsWith("network:")).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/ports/{id}")),
            await Heap.Of("network", db.Networks.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/networks/{id}")),
            await Heap.Of("security_group", db.Groups.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/security-groups/{id}")),
            await Heap.Of("subnet_pool", db.SubnetPools.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/subnetpools/{id}")),
            await Heap.Of("address_scope", db.AddressScopes.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/address-scopes/{id}")),
            await Heap.Of("qos_policy", db.QosPolicies.Where(n => projects.Contains(n.ProjectId)).OrderBy(n => n.Id).Select(n => new Thing(n.Id, n.Name, n.ProjectId)), new Ending("neutron", "DELETE", "/qos/policies/{id}")),
        ];
    }
}
