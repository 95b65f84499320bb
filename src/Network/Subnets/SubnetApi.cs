using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Routers;
using Xiangyun.Network.SubnetPools;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

internal sealed class SubnetApi(Database database) : Resource<SubnetRow>(database, "subnet", "subnets")
{
    protected override Attributes<SubnetRow> Attributes { get; } = new Attributes<SubnetRow>()
        .Column("network_id", "NetworkId").Column("cidr", "Cidr").Column("gateway_ip", "GatewayIp").Column("enable_dhcp", "EnableDhcp")
        .Column("ip_version", "IpVersion").Column("ipv6_ra_mode", "RaMode").Column("ipv6_address_mode", "AddressMode").Column("subnetpool_id", "SubnetPoolId")
        .Special("shared", (q, rows, values) => rows.Where(r => q.Db<NetworkDb>().Networks.Any(n => n.Id == r.NetworkId && (n.Shared ? values.Contains("true") || values.Contains("True") : values.Contains("false") || values.Contains("False")))))
        .Special("dns_nameservers", (_, rows, values) => values.Aggregate(rows, (found, v) => found.Where(r => r.DnsServers.Contains("\"" + v + "\""))));

    protected override IQueryable<SubnetRow> Visible(Query q, Actor actor) => SubnetStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Subnet(id);
    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<SubnetRow> rows) =>
        Task.FromResult<IReadOnlyList<JsonObject>>([.. rows.Select(SubnetWire.Show)]);

    protected override async Task<SubnetRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var network = await NetworkStore.Find(tx, actor, fields.Text("network_id"));
        if (!actor.MaySee(network.ProjectId)) throw CloudError.Forbidden($"Only the owner of network {network.Id} may make subnets in it.", "PolicyNotAuthorized");
        var (cidr, pool) = await SubnetPoolStore.Cidr(tx, actor, projectId, network.Id, fields);
        var row = SubnetRules.Read(projectId, network.Id, cidr, pool, fields);
        fields.Done();
        await NetworkQuota.Take(tx, projectId, "subnet");
        await tx.Lock("network:" + network.Id);
        await SubnetStore.RefuseOverlap(tx, row);
        await tx.Insert(row);
        if (Ipv6Modes.Automatic(row)) await Addresses.Announce(tx, row);
        await Follow(tx, row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, SubnetRow row, Fields fields)
    {
        var gateway = row.GatewayIp;
        SubnetRules.Apply(row, fields);
        fields.Done();
        if (gateway is not null && row.GatewayIp != gateway) await RefuseUsedGateway(tx, row, gateway);
        await tx.Put(row);
        await Follow(tx, row);
    }

    protected override async Task Remove(Tx tx, Actor actor, SubnetRow row)
    {
        await tx.Lock("subnet:" + row.Id);
        await SubnetStore.RefuseUsed(tx, row.Id);
        await SubnetStore.Erase(tx, row);
        await tx.Bump<NetworkRow>(row.NetworkId);
    }

    private static async Task Follow(Tx tx, SubnetRow row)
    {
        await MetadataPort.Follow(tx, row.NetworkId);
        await tx.Bump<NetworkRow>(row.NetworkId);
        tx.Wake(NetworkWork.Network, row.NetworkId);
        foreach (var port in await tx.Db<NetworkDb>().Addresses.Where(a => a.SubnetId == row.Id).Select(a => a.PortId).ToListAsync()) tx.Wake(NetworkWork.Port, port);
        foreach (var router in await tx.Db<NetworkDb>().Routers.Where(r => r.GatewayNetworkId == row.NetworkId).Select(r => r.Id).ToListAsync()) tx.Wake(NetworkWork.Router, router);
    }

    private static async Task RefuseUsedGateway(Tx tx, SubnetRow row, string gateway)
    {
        var db = tx.Db<NetworkDb>();
        var port = await db.Addresses.Where(a => a.SubnetId == row.Id && a.Ip == gateway).Select(a => a.PortId).SingleOrDefaultAsync();
        if (port is not null && await db.Ports.AnyAsync(p => p.Id == port && p.DeviceOwner == PortOwners.RouterInterface))
            throw CloudError.Conflict($"Current gateway ip {gateway} already in use by port {port}. Unable to update.", "GatewayIpInUse");
    }
}
