using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Qos;
using Xiangyun.Network.Rest;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.FloatingIps;

internal sealed class FloatingIpApi(Database database) : Resource<FloatingIpRow>(database, "floatingip", "floatingips")
{
    protected override Attributes<FloatingIpRow> Attributes { get; } = new Attributes<FloatingIpRow>()
        .Column("floating_network_id", "NetworkId").Column("floating_ip_address", "Ip").Column("port_id", "PortId")
        .Column("fixed_ip_address", "FixedIp").Column("router_id", "RouterId").Column("qos_policy_id", "QosPolicyId")
        .Special("status", (_, rows, values) => rows.Where(f => f.RouterId != null && f.ObservedGeneration == f.Generation ? values.Contains("ACTIVE") : values.Contains("DOWN")));

    protected override IQueryable<FloatingIpRow> Visible(Query q, Actor actor) => FloatingIpStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.FloatingIp(id);
    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<FloatingIpRow> rows) => FloatingIpWire.Show(q, rows);

    protected override async Task<FloatingIpRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        Owner.AdminOnly(actor, fields, "floating_ip_address");
        var network = await NetworkStore.Find(tx, actor, fields.Text("floating_network_id"));
        if (!network.External) throw CloudError.Invalid($"Bad floatingip request: Network {network.Id} is not a valid external network.", "BadRequest");
        var (subnet, ip) = (fields.TextOr("subnet_id"), fields.TextOr("floating_ip_address"));
        var (portId, fixedIp) = Target(fields);
        var description = fields.TextOr("description") ?? "";
        var policy = await Policies.Wanted(tx, actor, fields, null);
        fields.Done();
        await NetworkQuota.Take(tx, projectId, "floatingip", await ExitBandwidth.More(tx, projectId, null, policy));
        var id = Id.New();
        var own = await PortStore.Make(tx, new PortWish(network, "")
        {
            DeviceId = id, DeviceOwner = PortOwners.FloatingIp, Fixed = [new AddressWish(subnet, ip)], // of IPv4: nothing else is translated
        });
        var address = await Addresses.Of(tx, own.Id).FirstOrDefaultAsync()
            ?? throw CloudError.Conflict($"No more IP addresses available on network {network.Id}.", "ExternalIpAddressExhausted");
        var row = new FloatingIpRow { Id = id, ProjectId = projectId, Description = description, NetworkId = network.Id, SubnetId = address.SubnetId, Ip = address.Ip, OwnPortId = own.Id, QosPolicyId = policy };
        await FloatingIpStore.Point(tx, actor, row, portId, fixedIp);
        await tx.Insert(row);
        return row;
    }

    protected override async Task Change(Tx tx, Actor actor, FloatingIpRow row, Fields fields)
    {
        row.Description = fields.TextOr("description") ?? row.Description;
        var moves = fields.Has("port_id") || fields.Has("fixed_ip_address");
        var (portId, fixedIp) = Target(fields);
        var policy = await Policies.Wanted(tx, actor, fields, row.QosPolicyId);
        fields.Done();
        if (policy != row.QosPolicyId)
        {
            await ExitBandwidth.Take(tx, row.ProjectId, await ExitBandwidth.More(tx, row.ProjectId, row.QosPolicyId, policy));
            row.QosPolicyId = policy;
            if (row.RouterId is { } router) tx.Wake(NetworkWork.Router, router);
        }
        if (moves) await FloatingIpStore.Point(tx, actor, row, fields.Has("port_id") ? portId : row.PortId, fixedIp);
        await tx.Put(row);
    }

    protected override Task Remove(Tx tx, Actor actor, FloatingIpRow row) => FloatingIpStore.Erase(tx, row);

    private static (string? PortId, string? FixedIp) Target(Fields fields)
    {
        var (port, ip) = (fields.TextOr("port_id"), fields.TextOr("fixed_ip_address"));
        if (port is null && ip is not null && fields.Has("port_id")) throw CloudError.Invalid("Bad floatingip request: fixed_ip_address cannot be specified without a port_id.", "BadRequest");
        return (port, ip is null ? null : Subnets.Ip.Wanted("fixed_ip_address", ip).ToString());
    }
}
