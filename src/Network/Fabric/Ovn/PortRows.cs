using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>A port: one logical switch port, of the type that its use demands.</summary>
internal static class PortRows
{
    public static IReadOnlyList<NbRow> Of(PortPlan plan)
    {
        var router = plan.Use is PortUse.RouterInterface or PortUse.RouterGateway;
        var own = $"{plan.Mac} {string.Join(' ', plan.Ips)}".TrimEnd();
        return
        [
            new NbRow("Logical_Switch_Port", plan.Id)
            {
                Parent = plan.NetworkId,
                Columns = new Dictionary<string, JsonNode>
                {
                    ["name"] = plan.Id,
                    ["type"] = router ? "router" : plan.Use == PortUse.Metadata ? "localport" : "",
                    ["addresses"] = router ? "router" : OvsdbValue.Texts(Addresses(plan, own)),
                    ["port_security"] = plan.Secured ? OvsdbValue.Texts(Allowed(plan)) : OvsdbValue.None(),
                    ["enabled"] = plan.Enabled,
                    ["options"] = OvsdbValue.Map(Options(plan)),
                    ["parent_name"] = plan.Carrier is { } carrier ? carrier.Parent : OvsdbValue.None(),
                    ["tag"] = plan.Carrier is { } under ? under.Vlan : OvsdbValue.None(),
                    ["dhcpv4_options"] = OvsdbValue.None(),
                    ["dhcpv6_options"] = OvsdbValue.None(),
                },
                References = References(plan),
                Groups = plan.Secured ? [.. plan.Groups, FixedGroups.Drop] : [],
            },
            .. plan.Qos.Select(q => QosRows.Of(plan, q)),
            .. plan.Names.Count > 0 && plan.Ips.Count > 0 ? [Dns(plan)] : Array.Empty<NbRow>(),
        ];
    }

    /// <summary>OVN answers these names itself, to every guest of the network that asks any name server.</summary>
    private static NbRow Dns(PortPlan plan) => new("DNS", "dns-" + plan.Id)
    {
        Parent = plan.NetworkId,
        Columns = new Dictionary<string, JsonNode> { ["records"] = OvsdbValue.Map(plan.Names.Select(n => KeyValuePair.Create(n, string.Join(' ', plan.Ips)))) },
    };

    private static Dictionary<string, (string, string)> References(PortPlan plan)
    {
        var references = new Dictionary<string, (string, string)>();
        if (plan.DhcpSubnetId is { } four) references["dhcpv4_options"] = ("DHCP_Options", four);
        if (plan.Dhcp6SubnetId is { } six) references["dhcpv6_options"] = ("DHCP_Options", six);
        return references;
    }

    /// <summary>A port that is not secured may send as anybody, so what is not known is sent to it too.</summary>
    private static IEnumerable<string> Addresses(PortPlan plan, string own)
    {
        yield return own;
        foreach (var mac in plan.Pairs.Select(p => p.Mac).Where(m => m != plan.Mac).Distinct()) yield return mac;
        if (!plan.Secured && plan.Use == PortUse.Guest) yield return "unknown";
    }

    private static IEnumerable<string> Allowed(PortPlan plan) =>
        plan.Ips.Select(ip => (plan.Mac, Ip: ip)).Concat(plan.Pairs).GroupBy(p => p.Mac, p => p.Ip)
            .Select(g => $"{g.Key} {string.Join(' ', g.Distinct())}").DefaultIfEmpty(plan.Mac);

    private static Dictionary<string, string> Options(PortPlan plan)
    {
        var options = new Dictionary<string, string>();
        if (plan.Use is PortUse.RouterInterface or PortUse.RouterGateway) options["router-port"] = Names.RouterPort(plan.Id);
        if (plan.Use == PortUse.RouterGateway) options["nat-addresses"] = "router";
        if (plan.Chassis is not null) options["requested-chassis"] = plan.NextChassis is null ? plan.Chassis : $"{plan.Chassis},{plan.NextChassis}";
        if (plan.NextChassis is not null) options["activation-strategy"] = "rarp"; // the new host is silent until the guest that runs there announces itself
        return options;
    }
}
