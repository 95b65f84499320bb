using System.Globalization;
using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>A network: a logical switch, its door to the physical network if it has one, and what DHCP answers in each subnet.</summary>
internal static class SwitchRows
{
    private const int LeaseSeconds = 43200;

    public static IReadOnlyList<NbRow> Of(SwitchPlan plan)
    {
        var rows = new List<NbRow> { new("Logical_Switch", plan.Id) { Columns = new Dictionary<string, JsonNode> { ["name"] = Names.Switch(plan.Id) } } };
        if (plan.PhysicalNetwork is not null) rows.Add(Door(plan));
        rows.AddRange(plan.Dhcp.Select(Dhcp));
        return rows;
    }

    private static NbRow Door(SwitchPlan plan) => new("Logical_Switch_Port", "localnet-" + plan.Id)
    {
        Parent = plan.Id,
        Columns = new Dictionary<string, JsonNode>
        {
            ["name"] = "localnet-" + plan.Id, ["type"] = "localnet", ["addresses"] = "unknown",
            ["options"] = OvsdbValue.Map([KeyValuePair.Create("network_name", plan.PhysicalNetwork!)]),
            ["tag"] = plan.Vlan is { } tag ? tag : OvsdbValue.None(),
        },
    };

    private static NbRow Dhcp(DhcpPlan plan) => new("DHCP_Options", plan.SubnetId)
    {
        Columns = new Dictionary<string, JsonNode> { ["cidr"] = plan.Cidr, ["options"] = OvsdbValue.Map(plan.V6 ? Options6(plan) : Options(plan)) },
    };

    private static Dictionary<string, string> Options6(DhcpPlan plan)
    {
        var options = new Dictionary<string, string> { ["server_id"] = plan.ServerMac };
        if (plan.Stateless) options["dhcpv6_stateless"] = "true";
        if (plan.DnsServers.Count > 0) options["dns_server"] = "{" + string.Join(", ", plan.DnsServers) + "}";
        return options;
    }

    /// <summary>Clients that know option 121 ignore the router option, so the default route stands in both.</summary>
    private static Dictionary<string, string> Options(DhcpPlan plan)
    {
        var options = new Dictionary<string, string>
        {
            ["server_id"] = plan.Gateway ?? plan.MetadataIp ?? plan.Cidr.Split('/')[0],
            ["server_mac"] = plan.ServerMac,
            ["lease_time"] = LeaseSeconds.ToString(CultureInfo.InvariantCulture),
            ["mtu"] = plan.Mtu.ToString(CultureInfo.InvariantCulture),
        };
        if (plan.Gateway is not null) options["router"] = plan.Gateway;
        if (plan.DnsServers.Count > 0) options["dns_server"] = "{" + string.Join(", ", plan.DnsServers) + "}";
        var routes = plan.Routes.Select(r => $"{r.Destination},{r.Nexthop}").ToList();
        if (plan.MetadataIp is not null) routes.Insert(0, $"169.254.169.254/32,{plan.MetadataIp}");
        if (plan.Gateway is not null && !plan.Routes.Any(r => r.Destination == "0.0.0.0/0")) routes.Add($"0.0.0.0/0,{plan.Gateway}");
        if (routes.Count > 0) options["classless_static_route"] = "{" + string.Join(", ", routes) + "}";
        return options;
    }
}
