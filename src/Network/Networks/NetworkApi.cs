using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Qos;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Networks;

internal sealed class NetworkApi(Database database, NetworkOptions options) : Resource<NetworkRow>(database, "network", "networks")
{
    protected override Attributes<NetworkRow> Attributes { get; } = new Attributes<NetworkRow>()
        .Column("admin_state_up", "AdminStateUp").Column("shared", "Shared").Column("router:external", "External").Column("mtu", "Mtu")
        .Column("port_security_enabled", "PortSecurityEnabled").Column("qos_policy_id", "QosPolicyId").Column("dns_domain", "DnsDomain").Column("provider:network_type", "ProviderType")
        .Column("provider:physical_network", "PhysicalNetwork").Column("provider:segmentation_id", "SegmentationId")
        .Special("status", (_, rows, values) => rows.Where(r => r.Fault == null && values.Contains("ACTIVE") || r.Fault != null && values.Contains("ERROR")))
        .Special("subnets", (q, rows, values) => rows.Where(r => q.Db<NetworkDb>().Subnets.Any(s => s.NetworkId == r.Id && values.Contains(s.Id))));

    protected override IQueryable<NetworkRow> Visible(Query q, Actor actor) => NetworkStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Network(id);
    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<NetworkRow> rows) => NetworkWire.Show(q, actor, rows);

    protected override async Task<NetworkRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var policy = fields.Has("qos_policy_id") ? await Policies.Wanted(tx, actor, fields, null) : await Policies.Default(tx, projectId);
        var row = NetworkRules.Read(actor, projectId, fields, options.TunnelMtu);
        row.QosPolicyId = policy;
        await NetworkQuota.Take(tx, projectId, "network");
        if (row.PhysicalNetwork is not null) await RefuseTakenSegment(tx, row);
        await tx.Insert(row);
        tx.Wake(NetworkWork.Network, row.Id);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, NetworkRow row, Fields fields)
    {
        var (wasShared, wasExternal) = (row.Shared, row.External);
        row.QosPolicyId = await Policies.Wanted(tx, actor, fields, row.QosPolicyId);
        NetworkRules.Change(actor, row, fields, options.TunnelMtu);
        if (wasShared && !row.Shared && await NetworkStore.UsedPorts(tx, row.Id).AnyAsync(p => p.ProjectId != row.ProjectId && p.ProjectId != ""))
            throw CloudError.Conflict($"Unable to reconfigure sharing settings for network {row.Id}. Multiple tenants are using it.", "InvalidSharedSetting");
        if (wasExternal && !row.External && await NetworkStore.UsedPorts(tx, row.Id).AnyAsync(p => p.DeviceOwner == PortOwners.RouterGateway || p.DeviceOwner == PortOwners.FloatingIp))
            throw CloudError.Conflict($"External network {row.Id} cannot be updated to be made non-external, since it has existing gateway ports.", "ExternalNetworkInUse");
        await tx.Put(row);
        tx.Wake(NetworkWork.Network, row.Id);
        foreach (var port in await tx.Db<NetworkDb>().Ports.Where(p => p.NetworkId == row.Id).Select(p => p.Id).ToListAsync()) tx.Wake(NetworkWork.Port, port);
    }

    protected override async Task Remove(Tx tx, Actor actor, NetworkRow row)
    {
        await FloatingIpStore.EraseIdle(tx, row.Id);
        if (await NetworkStore.UsedPorts(tx, row.Id).AnyAsync())
            throw CloudError.Conflict($"Unable to complete operation on network {row.Id}. There are one or more ports still in use on the network.", "NetworkInUse");
        foreach (var subnet in await tx.Db<NetworkDb>().Subnets.Where(s => s.NetworkId == row.Id).ToListAsync()) await SubnetStore.Erase(tx, subnet);
        await tx.Delete<NetworkRow>(row.Id);
        tx.Wake(NetworkWork.Network, row.Id);
    }

    private static async Task RefuseTakenSegment(Tx tx, NetworkRow row)
    {
        await tx.Lock("physical:" + row.PhysicalNetwork);
        if (!await tx.Db<NetworkDb>().Networks.AnyAsync(n => n.PhysicalNetwork == row.PhysicalNetwork && n.SegmentationId == row.SegmentationId)) return;
        throw row.SegmentationId is null
            ? CloudError.Conflict($"Unable to create the flat network. Physical network {row.PhysicalNetwork} is in use.", "FlatNetworkInUse")
            : CloudError.Conflict($"Unable to create the network. The VLAN {row.SegmentationId} on physical network {row.PhysicalNetwork} is in use.", "VlanIdInUse");
    }
}
