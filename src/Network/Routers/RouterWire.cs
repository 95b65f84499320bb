using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;

namespace Xiangyun.Network.Routers;

internal static class RouterWire
{
    public static async Task<IReadOnlyList<JsonObject>> Show(Query q, IReadOnlyList<RouterRow> rows)
    {
        var ports = rows.Where(r => r.GatewayPortId is not null).Select(r => r.GatewayPortId!).ToList();
        var addresses = (await q.Db<NetworkDb>().Addresses.Where(a => ports.Contains(a.PortId)).OrderBy(a => a.Position).ToListAsync()).ToLookup(a => a.PortId);
        return [.. rows.Select(row =>
        {
            var shown = Shown.Common(row);
            shown["status"] = row.Fault is null ? "ACTIVE" : "ERROR";
            shown["admin_state_up"] = row.AdminStateUp;
            shown["external_gateway_info"] = row.GatewayPortId is null ? null : new JsonObject
            {
                ["network_id"] = row.GatewayNetworkId, ["enable_snat"] = row.EnableSnat,
                ["external_fixed_ips"] = new JsonArray([.. addresses[row.GatewayPortId].Select(a => new JsonObject { ["subnet_id"] = a.SubnetId, ["ip_address"] = a.Ip })]),
            };
            shown["routes"] = JsonText.Node(row.Routes);
            shown["distributed"] = false;
            shown["ha"] = true;
            shown["availability_zone_hints"] = new JsonArray();
            shown["availability_zones"] = Shown.Array(["nova"]);
            return shown;
        })];
    }
}
