using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Names;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Qos;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Routers;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Network.Ports;

internal sealed class PortApi(Database database, HostNames hosts) : Resource<PortRow>(database, "port", "ports")
{
    protected override Attributes<PortRow> Attributes { get; } = new Attributes<PortRow>()
        .Column("network_id", "NetworkId").Column("mac_address", "Mac").Column("admin_state_up", "AdminStateUp").Column("device_id", "DeviceId")
        .Column("device_owner", "DeviceOwner").Column("port_security_enabled", "PortSecurityEnabled").Column("binding:vnic_type", "VnicType").Column("qos_policy_id", "QosPolicyId").Column("dns_name", "DnsName")
        .Special("status", PortFilters.Status).Special("fixed_ips", PortFilters.Fixed).Special("security_groups", PortFilters.InGroups)
        .Special("ip_allocation", (_, rows, values) => values.Contains("immediate") ? rows : rows.Where(r => false))
        .Special("binding:host_id", (_, rows, values) => rows.Where(r => values.Contains(r.HostId ?? "")));

    protected override IQueryable<PortRow> Visible(Query q, Actor actor) => PortStore.Visible(q, actor);
    protected override CloudError Missing(string id) => NotFound.Port(id);
    protected override Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<PortRow> rows) => PortWire.Show(q, actor, rows, hosts);

    protected override async Task<PortRow> Create(Tx tx, Actor actor, string projectId, Fields fields)
    {
        var network = await NetworkStore.Find(tx, actor, fields.Text("network_id"));
        PortRules.RefuseForeign(actor, network, await Shares.Includes(tx, actor.ProjectId, network.Id), fields);
        var mac = fields.TextOr("mac_address") is { } text ? Mac.Wanted(text) : Mac.New();
        var wish = new PortWish(network, projectId)
        {
            Name = fields.TextOr("name") ?? "", Description = fields.TextOr("description") ?? "", Mac = mac, Fixed = PortRules.Fixed(fields),
            DeviceId = fields.TextOr("device_id") ?? "", DeviceOwner = PortRules.DeviceOwner(actor, fields.TextOr("device_owner") ?? "", ""),
            AdminStateUp = fields.FlagOr("admin_state_up") ?? true, PortSecurity = fields.FlagOr("port_security_enabled"),
            AddressPairs = PortRules.Pairs(fields, mac) ?? "[]", VnicType = PortRules.VnicType(fields) ?? "normal", BindingProfile = PortRules.Profile(fields) ?? "{}",
            HostId = await hosts.Wanted(tx, fields.TextOr("binding:host_id")), DnsName = DnsNames.Name(fields) ?? "", QosPolicyId = await Policies.Wanted(tx, actor, fields, null),
            Groups = fields.TextsOr("security_groups") is { } groups ? await Groups.Find(tx, actor, groups) : null,
        };
        fields.Done();
        return await PortStore.Make(tx, wish);
    }

    protected override async Task Change(Tx tx, Actor actor, PortRow row, Fields fields)
    {
        PortRules.RefuseForeign(actor, await NetworkStore.Get(tx, row.NetworkId), await Shares.Includes(tx, actor.ProjectId, row.NetworkId), fields);
        Shown.Naming(row, fields);
        row.AdminStateUp = fields.FlagOr("admin_state_up") ?? row.AdminStateUp;
        row.DeviceId = fields.Has("device_id") ? fields.TextOr("device_id") ?? "" : row.DeviceId;
        row.DeviceOwner = fields.Has("device_owner") ? PortRules.DeviceOwner(actor, fields.TextOr("device_owner") ?? "", row.DeviceOwner) : row.DeviceOwner;
        row.PortSecurityEnabled = fields.FlagOr("port_security_enabled") ?? row.PortSecurityEnabled;
        if (fields.TextOr("mac_address") is { } mac && Mac.Wanted(mac) != row.Mac) row.Mac = await PortStore.Exactly(tx, row.NetworkId, mac);
        row.AddressPairs = PortRules.Pairs(fields, row.Mac) ?? row.AddressPairs;
        row.VnicType = PortRules.VnicType(fields) ?? row.VnicType;
        row.BindingProfile = PortRules.Profile(fields) ?? row.BindingProfile;
        row.DnsName = DnsNames.Name(fields) ?? row.DnsName;
        row.QosPolicyId = await Policies.Wanted(tx, actor, fields, row.QosPolicyId);
        if (fields.Has("fixed_ips")) await ChangeAddresses(tx, row, PortRules.Fixed(fields) ?? []);
        if (fields.Has("security_groups")) await PortStore.SetGroups(tx, row, await Groups.Find(tx, actor, fields.TextsOr("security_groups") ?? []));
        else if (!row.PortSecurityEnabled && await tx.Db<NetworkDb>().PortGroups.AnyAsync(g => g.PortId == row.Id))
            throw CloudError.Conflict("Port has security group associated. Cannot disable port security or IP address until security group is removed.", "PortSecurityPortHasSecurityGroup");
        var host = fields.Has("binding:host_id") ? await hosts.Wanted(tx, fields.TextOr("binding:host_id")) : row.HostId;
        fields.Done();
        await tx.Put(row);
        PortStore.Wake(tx, row);
        await PortStore.Bind(tx, row, host);
    }

    private static async Task ChangeAddresses(Tx tx, PortRow row, IReadOnlyList<AddressWish> wishes)
    {
        await Addresses.Change(tx, row.NetworkId, row.Id, wishes);
        await FloatingIpStore.LetGo(tx, row.Id, await Addresses.Of(tx, row.Id).Select(a => a.Ip).ToListAsync());
        if (row.OfRouter) tx.Wake(NetworkWork.Router, row.DeviceId);
    }

    protected override async Task Remove(Tx tx, Actor actor, PortRow row)
    {
        if (row.OfRouter && await tx.Db<NetworkDb>().Routers.AnyAsync(r => r.Id == row.DeviceId)
            || row.DeviceOwner is PortOwners.Metadata || row.DeviceOwner == PortOwners.FloatingIp && await tx.Db<NetworkDb>().FloatingIps.AnyAsync(f => f.OwnPortId == row.Id))
            throw CloudError.Conflict($"Port {row.Id} cannot be deleted directly via the port API: has device owner {row.DeviceOwner}.", "ServicePortInUse");
        await Trunks.Subports.MustNotBeIn(tx, row.Id);
        await PortStore.Erase(tx, row);
    }
}
