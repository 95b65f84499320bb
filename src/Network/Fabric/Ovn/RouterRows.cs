using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>A router with its ports, the hosts that carry its outer traffic, its routes, all address translation, and what each floating address may carry.</summary>
internal static class RouterRows
{
    private const int HighestPriority = 100;

    public static IReadOnlyList<NbRow> Of(RouterPlan plan)
    {
        var rows = new List<NbRow> { new("Logical_Router", plan.Id) { Columns = new Dictionary<string, JsonNode> { ["name"] = Names.Router(plan.Id), ["enabled"] = plan.Enabled } } };
        foreach (var port in plan.Ports)
        {
            rows.Add(Port(plan, port));
            rows.AddRange(port.Chassis.Select((chassis, i) => Chassis(port, chassis, HighestPriority - i)));
        }
        rows.AddRange(plan.Routes.Select(r => Route(plan, r.Destination, r.Nexthop)));
        rows.AddRange(plan.Snat.Select(s => Nat(plan, $"snat-{plan.Id}-{s.SubnetId}", "snat", s.OuterIp, s.InnerCidr, null)));
        rows.AddRange(plan.Floating.Select(f => Nat(plan, f.FloatingIpId, "dnat_and_snat", f.OuterIp, f.InnerIp, f)));
        rows.AddRange(plan.Forwards.Select(f => Forward(plan, f)));
        rows.AddRange(plan.Limits.SelectMany(l => l.Qos.Select(q => QosRows.Of(l, q))));
        return rows;
    }

    private static NbRow Forward(RouterPlan plan, ForwardPlan forward) => new("Load_Balancer", forward.Id)
    {
        Parent = plan.Id,
        Columns = new Dictionary<string, JsonNode>
        {
            ["name"] = "xy-" + forward.Id, ["protocol"] = forward.Protocol, ["vips"] = OvsdbValue.Map([KeyValuePair.Create($"{forward.OuterIp}:{forward.OuterPort}", $"{forward.InnerIp}:{forward.InnerPort}")]),
        },
    };

    private static NbRow Port(RouterPlan plan, RouterPortPlan port) => new("Logical_Router_Port", port.PortId)
    {
        Parent = plan.Id,
        Columns = new Dictionary<string, JsonNode> { ["name"] = Names.RouterPort(port.PortId), ["mac"] = port.Mac, ["networks"] = OvsdbValue.Texts(port.Addresses), ["ipv6_ra_configs"] = OvsdbValue.Map(Advertised(port)) },
    };

    private static Dictionary<string, string> Advertised(RouterPortPlan port) => port.RaMode is null ? [] : new()
    {
        ["address_mode"] = port.RaMode.Replace('-', '_'), ["send_periodic"] = "true", ["mtu"] = port.Mtu.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static NbRow Chassis(RouterPortPlan port, string chassis, int priority) => new("Gateway_Chassis", $"{port.PortId}-{chassis}")
    {
        Parent = port.PortId,
        Columns = new Dictionary<string, JsonNode> { ["name"] = $"{Names.RouterPort(port.PortId)}-{chassis}", ["chassis_name"] = chassis, ["priority"] = priority },
    };

    private static NbRow Route(RouterPlan plan, string destination, string nexthop) => new("Logical_Router_Static_Route", $"{plan.Id}-{destination}-{nexthop}")
    {
        Parent = plan.Id,
        Columns = new Dictionary<string, JsonNode> { ["ip_prefix"] = destination, ["nexthop"] = nexthop },
    };

    /// <summary>With a port and a MAC of its own a floating address is translated on the host of its server, not on the gateway's.</summary>
    private static NbRow Nat(RouterPlan plan, string key, string type, string outer, string inner, FloatingPlan? floating) => new("NAT", key)
    {
        Parent = plan.Id,
        Columns = new Dictionary<string, JsonNode>
        {
            ["type"] = type, ["external_ip"] = outer, ["logical_ip"] = inner,
            ["logical_port"] = floating is null ? OvsdbValue.None() : floating.PortId,
            ["external_mac"] = floating is null ? OvsdbValue.None() : floating.OuterMac,
        },
    };
}
