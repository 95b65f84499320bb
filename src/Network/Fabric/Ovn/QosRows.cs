using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>Limits and marks: rows of the switch where the packets pass, told apart by what they match.</summary>
internal static class QosRows
{
    private const int Priority = 2002;

    /// <summary>OVN looks at a packet where it leaves the guest (from-lport) or enters it (to-lport).</summary>
    public static NbRow Of(PortPlan plan, QosPlan rule) => Row($"{plan.Id}-{rule.RuleId}", plan.NetworkId, $"{(rule.Egress ? "inport" : "outport")} == \"{plan.Id}\"", rule);

    /// <summary>A floating address is seen by itself only between the router and the outer switch, on whichever host translates it.</summary>
    public static NbRow Of(LimitPlan plan, QosPlan rule) => Row($"{plan.FloatingIpId}-{rule.RuleId}", plan.NetworkId,
        rule.Egress ? $"inport == \"{plan.GatewayPortId}\" && ip4.src == {plan.OuterIp}" : $"outport == \"{plan.GatewayPortId}\" && ip4.dst == {plan.OuterIp}", rule);

    private static NbRow Row(string key, string networkId, string match, QosPlan rule) => new("QoS", key)
    {
        Parent = networkId,
        Columns = new Dictionary<string, JsonNode>
        {
            ["direction"] = rule.Egress ? "from-lport" : "to-lport", ["priority"] = Priority, ["match"] = match,
            ["bandwidth"] = OvsdbValue.Numbers(rule.MaxKbps is { } rate ? rule.BurstKb is > 0 and { } burst ? [("rate", rate), ("burst", burst)] : [("rate", rate)] : []),
            ["action"] = OvsdbValue.Numbers(rule.Dscp is { } mark ? [("dscp", mark)] : []),
        },
    };
}
