using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Names;
using Xiangyun.Network.Public;
using Xiangyun.Network.Qos;
using Xiangyun.Network.Subnets;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Makes the fabric's port what its row says: addresses, rights, DHCP, and the host that may carry it.</summary>
internal sealed class PortReconciler(Database database, INetworkFabric fabric, HostNames hosts) : IReconciler
{
    public string Kind => NetworkWork.Port;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, plan) = await database.Read(q => Want(q, id), ct);
        if (row is null || plan is null)
        {
            await fabric.EnsureGone(new FabricObject(FabricKind.Port, id), ct);
            if (row is null) return Next.Done;
        }
        else
        {
            await fabric.Ensure(plan, ct);
        }
        await database.Write(Actor.System, async tx =>
        {
            if (await tx.Seen(row) && row.OfRouter && row.ObservedGeneration == 0) tx.Changed(IPorts.PortChanged, id);
        }, ct);
        return Next.Done;
    }

    private async Task<(PortRow?, PortPlan?)> Want(Query q, string id)
    {
        var db = q.Db<NetworkDb>();
        var row = await db.Ports.SingleOrDefaultAsync(p => p.Id == id);
        if (row is null || row.DeviceOwner == PortOwners.FloatingIp) return (row, null);
        var network = await db.Networks.SingleAsync(n => n.Id == row.NetworkId);
        var addresses = await Addresses.Of(q, id).ToListAsync();
        var subnetIds = addresses.Select(a => a.SubnetId).ToList();
        var subnets = await db.Subnets.Where(s => subnetIds.Contains(s.Id) && s.EnableDhcp).ToListAsync();
        var dhcp = subnets.Where(s => s.IpVersion == 4).Select(s => s.Id).ToList();
        var dhcp6 = subnets.Where(s => s.IpVersion == 6 && s.AddressMode is not null and not Ipv6Modes.Slaac).Select(s => s.Id).ToList();
        var host = await hosts.Find(q, row.HostId);
        var next = await hosts.Find(q, row.MovesTo);
        return (row, new PortPlan(id, row.NetworkId, Use(row))
        {
            Mac = row.Mac, Ips = [.. addresses.Select(a => a.Ip)], Enabled = row.AdminStateUp && network.AdminStateUp, Secured = row.PortSecurityEnabled,
            Pairs = [.. JsonText.List<AddressPair>(row.AddressPairs).Select(p => (p.MacAddress, p.IpAddress))],
            Groups = await db.PortGroups.Where(g => g.PortId == id).Select(g => g.GroupId).ToListAsync(),
            DhcpSubnetId = Use(row) == PortUse.Guest ? addresses.Select(a => a.SubnetId).FirstOrDefault(dhcp.Contains) : null,
            Dhcp6SubnetId = Use(row) == PortUse.Guest ? addresses.Select(a => a.SubnetId).FirstOrDefault(dhcp6.Contains) : null,
            Carrier = await Trunks.Subports.Carrier(q, id),
            Names = DnsNames.Of(row.DnsName, network.DnsDomain),
            Qos = await Policies.For(q, row, network.QosPolicyId),
            Chassis = host is { Simulated: false, Chassis.Length: > 0 } ? host.Chassis : null,
            NextChassis = next is { Simulated: false, Chassis.Length: > 0 } ? next.Chassis : null,
        });
    }

    private static PortUse Use(PortRow row) => row.DeviceOwner switch
    {
        PortOwners.Metadata => PortUse.Metadata,
        PortOwners.RouterInterface => PortUse.RouterInterface,
        PortOwners.RouterGateway => PortUse.RouterGateway,
        _ => PortUse.Guest,
    };

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<NetworkDb>().Ports.Select(p => p.Id).ToListAsync();
}
