using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Store;

namespace Xiangyun.Network.Networks;

internal static class NetworkWire
{
    public static async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<NetworkRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var subnets = (await q.Db<NetworkDb>().Subnets.Where(s => ids.Contains(s.NetworkId)).OrderBy(s => s.Id).Select(s => new { s.Id, s.NetworkId }).ToListAsync())
            .ToLookup(s => s.NetworkId, s => s.Id);
        return [.. rows.Select(r => One(r, subnets[r.Id], actor))];
    }

    private static JsonObject One(NetworkRow row, IEnumerable<string> subnets, Actor actor)
    {
        var shown = Shown.Common(row);
        shown["status"] = row.Fault is null ? "ACTIVE" : "ERROR";
        shown["admin_state_up"] = row.AdminStateUp;
        shown["subnets"] = Shown.Array(subnets);
        shown["shared"] = row.Shared;
        shown["router:external"] = row.External;
        shown["mtu"] = row.Mtu;
        shown["port_security_enabled"] = row.PortSecurityEnabled;
        shown["availability_zone_hints"] = new JsonArray();
        shown["availability_zones"] = Shown.Array(["nova"]);
        shown["ipv4_address_scope"] = null;
        shown["ipv6_address_scope"] = null;
        if (!actor.IsAdmin) return shown;
        shown["provider:network_type"] = row.ProviderType;
        shown["provider:physical_network"] = row.PhysicalNetwork;
        shown["provider:segmentation_id"] = row.SegmentationId;
        return shown;
    }
}
