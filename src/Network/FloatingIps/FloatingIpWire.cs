using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.Forwarding;
using Xiangyun.Network.Rest;
using Xiangyun.Store;

namespace Xiangyun.Network.FloatingIps;

internal static class FloatingIpWire
{
    public static async Task<IReadOnlyList<JsonObject>> Show(Query q, IReadOnlyList<FloatingIpRow> rows)
    {
        var ids = rows.Where(r => r.PortId is not null).Select(r => r.PortId!).ToList();
        var ports = await q.Db<NetworkDb>().Ports.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id);
        var own = rows.Select(r => r.Id).ToList();
        var forwardings = (await q.Db<NetworkDb>().Forwardings.Where(f => own.Contains(f.FloatingIpId)).OrderBy(f => f.Id).ToListAsync()).ToLookup(f => f.FloatingIpId);
        return [.. rows.Select(row =>
        {
            var shown = Shown.Common(row);
            shown.Remove("name");
            shown["floating_network_id"] = row.NetworkId;
            shown["floating_ip_address"] = row.Ip;
            shown["port_id"] = row.PortId;
            shown["fixed_ip_address"] = row.FixedIp;
            shown["router_id"] = row.RouterId;
            shown["qos_policy_id"] = row.QosPolicyId;
            shown["status"] = row.Status;
            shown["port_forwardings"] = new JsonArray([.. forwardings[row.Id].Select(f => { var one = ForwardingApi.Wire(f); one.Remove("id"); return one; })]);
            shown["port_details"] = row.PortId is not null && ports.TryGetValue(row.PortId, out var port) ? Details(port) : null;
            return shown;
        })];
    }

    private static JsonObject Details(Ports.PortRow port) => new()
    {
        ["name"] = port.Name, ["network_id"] = port.NetworkId, ["mac_address"] = port.Mac, ["admin_state_up"] = port.AdminStateUp,
        ["status"] = port.Status, ["device_id"] = port.DeviceId, ["device_owner"] = port.DeviceOwner,
    };
}
