using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.Names;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Trunks;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

internal static class PortWire
{
    public static async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<PortRow> rows, HostNames hosts)
    {
        var db = q.Db<NetworkDb>();
        var ids = rows.Select(r => r.Id).ToList();
        var addresses = (await db.Addresses.Where(a => ids.Contains(a.PortId)).OrderBy(a => a.Position).ToListAsync()).ToLookup(a => a.PortId);
        var groups = (await db.PortGroups.Where(g => ids.Contains(g.PortId)).ToListAsync()).ToLookup(g => g.PortId, g => g.GroupId);
        var networks = rows.Select(r => r.NetworkId).Distinct().ToList();
        var around = await db.Networks.Where(n => networks.Contains(n.Id)).ToDictionaryAsync(n => n.Id, n => new Around(n.QosPolicyId, n.DnsDomain));
        var trunks = await TrunkDetails.Of(q, ids);
        var names = actor.IsAdmin && rows.Any(r => r.HostId is not null) ? await hosts.ById(q) : new Dictionary<string, string>();
        return [.. rows.Select(r => One(r, addresses[r.Id], groups[r.Id], actor, names, around[r.NetworkId], trunks))];
    }

    private sealed record Around(string? QosPolicyId, string DnsDomain);

    private static JsonObject One(PortRow row, IEnumerable<PortAddressRow> has, IEnumerable<string> groups, Actor actor, IReadOnlyDictionary<string, string> hosts, Around network, IReadOnlyDictionary<string, JsonObject> trunks)
    {
        var (shown, addresses) = (Shown.Common(row), has.ToList());
        shown["network_id"] = row.NetworkId;
        shown["mac_address"] = row.Mac;
        shown["admin_state_up"] = row.AdminStateUp;
        shown["status"] = row.Status;
        shown["device_id"] = row.DeviceId;
        shown["device_owner"] = row.DeviceOwner;
        shown["fixed_ips"] = new JsonArray([.. addresses.Select(a => new JsonObject { ["subnet_id"] = a.SubnetId, ["ip_address"] = a.Ip })]);
        shown["security_groups"] = Shown.Array(groups.Order(StringComparer.Ordinal));
        shown["port_security_enabled"] = row.PortSecurityEnabled;
        shown["allowed_address_pairs"] = JsonText.Node(row.AddressPairs);
        if (trunks.GetValueOrDefault(row.Id) is { } trunk) shown["trunk_details"] = trunk;
        shown["qos_policy_id"] = row.QosPolicyId;
        shown["qos_network_policy_id"] = network.QosPolicyId;
        shown["dns_name"] = row.DnsName;
        shown["dns_assignment"] = new JsonArray([.. addresses.Select(a => DnsNames.Assignment(row.DnsName, network.DnsDomain, a.Ip))]);
        shown["binding:vnic_type"] = row.VnicType;
        if (!actor.IsAdmin) return shown;
        shown["binding:host_id"] = row.HostId is null ? "" : hosts.GetValueOrDefault(row.HostId, row.HostId);
        shown["binding:vif_type"] = row.HostId is null ? "unbound" : "ovs";
        shown["binding:vif_details"] = row.HostId is null ? new JsonObject() : new JsonObject { ["port_filter"] = true };
        shown["binding:profile"] = JsonText.Node(row.BindingProfile);
        return shown;
    }
}
