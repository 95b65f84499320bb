using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Subnets;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Network.Networks;

/// <summary>Makes the fabric's switch of one network, with what DHCP answers in its subnets, what the rows say.</summary>
internal sealed class NetworkReconciler(Database database, INetworkFabric fabric) : IReconciler
{
    public string Kind => NetworkWork.Network;

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, plan) = await database.Read(q => Want(q, id), ct);
        if (row is null)
        {
            await fabric.EnsureGone(new FabricObject(FabricKind.Network, id), ct);
            return Next.Done;
        }
        await fabric.Ensure(plan!, ct);
        await database.Write(Actor.System, tx => tx.Seen(row), ct);
        return Next.Done;
    }

    private static async Task<(NetworkRow?, SwitchPlan?)> Want(Query q, string id)
    {
        var row = await q.Db<NetworkDb>().Networks.SingleOrDefaultAsync(n => n.Id == id);
        if (row is null) return (null, null);
        var metadata = await MetadataPort.Find(q, id) is { } port ? await Addresses.Of(q, port.Id).ToListAsync() : [];
        var subnets = (await SubnetStore.OfNetwork(q, id)).Where(s => s.EnableDhcp && (s.IpVersion == 4 || s.AddressMode is not null and not Ipv6Modes.Slaac));
        return (row, new SwitchPlan(id, row.PhysicalNetwork, row.SegmentationId, row.Mtu, [.. subnets.Select(s => Dhcp(row, s, metadata.FirstOrDefault(a => a.SubnetId == s.Id)?.Ip))]));
    }

    private static DhcpPlan Dhcp(NetworkRow network, SubnetRow subnet, string? metadataIp) => new(
        subnet.Id, subnet.Cidr, subnet.GatewayIp, metadataIp, Mac.From(network.Id), network.Mtu, JsonText.List<string>(subnet.DnsServers),
        [.. JsonText.List<HostRoute>(subnet.HostRoutes).Select(r => (r.Destination, r.Nexthop))], subnet.AddressMode == Ipv6Modes.Stateless);

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<NetworkDb>().Networks.Select(n => n.Id).ToListAsync();
}
