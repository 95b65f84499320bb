using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;

namespace Xiangyun.Network.Networks;

internal static class NetworkWire
{
    public static async Task<IReadOnlyList<JsonObject>> Show(Query q, Actor actor, IReadOnlyList<NetworkRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        var db = q.Db<NetworkDb>();
        var subnets = (await (from s in db.Subnets
                              where ids.Contains(s.NetworkId)
                              orderby s.Id
                              select new Inner(s.NetworkId, s.Id, s.IpVersion, db.SubnetPools.Where(p => p.Id == s.SubnetPoolId).Select(p => p.AddressScopeId).FirstOrDefault())).ToListAsync())
            .ToLookup(s => s.NetworkId);
        var shared = (await Shares.With(q, actor.ProjectId).Where(id => ids.Contains(id)).ToListAsync()).ToHashSet();
        return [.. rows.Select(r => One(r, [.. subnets[r.Id]], r.Shared || shared.Contains(r.Id), actor))];
    }

    private sealed record Inner(string NetworkId, string Id, int IpVersion, string? Scope);

    private static JsonObject One(NetworkRow row, IReadOnlyList<Inner> subnets, bool isShared, Actor actor)
    {
        var shown = Shown.Common(row);
        shown["status"] = row.Fault is null ? "ACTIVE" : "ERROR";
        shown["admin_state_up"] = row.AdminStateUp;
        shown["subnets"] = Shown.Array(subnets.Select(s => s.Id));
        shown["shared"] = isShared;
        shown["qos_policy_id"] = row.QosPolicyId;
        shown["router:external"] = row.External;
        shown["mtu"] = row.Mtu;
        shown["dns_domain"] = row.DnsDomain;
        shown["port_security_enabled"] = row.PortSecurityEnabled;
        shown["availability_zone_hints"] = new JsonArray();
        shown["availability_zones"] = Shown.Array(["nova"]);
        shown["ipv4_address_scope"] = subnets.FirstOrDefault(s => s.IpVersion == 4 && s.Scope is not null)?.Scope;
        shown["ipv6_address_scope"] = subnets.FirstOrDefault(s => s.IpVersion == 6 && s.Scope is not null)?.Scope;
        if (!actor.IsAdmin) return shown;
        shown["provider:network_type"] = row.ProviderType;
        shown["provider:physical_network"] = row.PhysicalNetwork;
        shown["provider:segmentation_id"] = row.SegmentationId;
        return shown;
    }
}
