using System.Text.Json.Nodes;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;

namespace Xiangyun.Network.Subnets;

internal static class SubnetWire
{
    public static JsonObject Show(SubnetRow row)
    {
        var shown = Shown.Common(row);
        shown["network_id"] = row.NetworkId;
        shown["ip_version"] = row.IpVersion;
        shown["cidr"] = row.Cidr;
        shown["gateway_ip"] = row.GatewayIp;
        shown["enable_dhcp"] = row.EnableDhcp;
        shown["allocation_pools"] = JsonText.Node(row.Pools);
        shown["host_routes"] = JsonText.Node(row.HostRoutes);
        shown["dns_nameservers"] = JsonText.Node(row.DnsServers);
        shown["ipv6_ra_mode"] = row.RaMode;
        shown["ipv6_address_mode"] = row.AddressMode;
        shown["subnetpool_id"] = row.SubnetPoolId;
        shown["service_types"] = new JsonArray();
        return shown;
    }
}
