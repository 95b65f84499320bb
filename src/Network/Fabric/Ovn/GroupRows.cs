using System.Text.Json.Nodes;
using Xiangyun.Engines.Ovn;

namespace Xiangyun.Network.Fabric.Ovn;

/// <summary>
/// A security group: a port group with one access rule for each of its rules. The addresses of a remote group come from
/// the address sets that OVN itself keeps for each port group.
/// </summary>
internal static class GroupRows
{
    private const int Allow = 1002;
    private const int Drop = 1001;

    public static IReadOnlyList<NbRow> Of(GroupPlan plan)
    {
        var name = Names.Group(plan.Id);
        var group = new NbRow("Port_Group", plan.Id) { Columns = new Dictionary<string, JsonNode> { ["name"] = name } };
        if (plan.Id != FixedGroups.Drop) return [group, .. plan.Rules.Select(r => Rule(plan.Id, r.RuleId, r.Ingress, Allow, Match(name, r), "allow-related"))];
        return
        [
            group,
            Rule(plan.Id, "drop-in", true, Drop, $"outport == @{name} && ip", "drop"),
            Rule(plan.Id, "drop-out", false, Drop, $"inport == @{name} && ip", "drop"),
            Rule(plan.Id, "dhcp", false, Allow, $"inport == @{name} && ip4 && udp.src == 68 && udp.dst == 67", "allow"),
            Rule(plan.Id, "dhcp6", false, Allow, $"inport == @{name} && ip6 && udp.src == 546 && udp.dst == 547", "allow"),
        ];
    }

    private static NbRow Rule(string groupId, string key, bool ingress, int priority, string match, string action) => new("ACL", key)
    {
        Parent = groupId,
        Columns = new Dictionary<string, JsonNode> { ["direction"] = ingress ? "to-lport" : "from-lport", ["priority"] = priority, ["match"] = match, ["action"] = action },
    };

    public static string Match(string group, GroupRulePlan rule)
    {
        var v = rule.V6 ? "6" : "4";
        var parts = new List<string> { rule.Ingress ? $"outport == @{group}" : $"inport == @{group}", "ip" + v };
        var remote = $"ip{v}.{(rule.Ingress ? "src" : "dst")}";
        if (rule.RemotePrefix is { } prefix && prefix is not ("0.0.0.0/0" or "::/0")) parts.Add($"{remote} == {prefix}");
        if (rule.RemoteGroupId is { } other) parts.Add($"{remote} == ${Names.Group(other)}_ip{v}");
        if (rule.Protocol is { } protocol) parts.AddRange(Protocol(protocol, rule));
        return string.Join(" && ", parts);
    }

    private static IEnumerable<string> Protocol(int protocol, GroupRulePlan rule)
    {
        var name = protocol switch { 6 => "tcp", 17 => "udp", 132 => "sctp", 1 => "icmp4", 58 => "icmp6", _ => null };
        yield return name ?? $"ip.proto == {protocol}";
        if (name is null) yield break;
        if (name.StartsWith("icmp", StringComparison.Ordinal))
        {
            if (rule.Min is { } type) yield return $"{name}.type == {type}";
            if (rule.Max is { } code) yield return $"{name}.code == {code}";
            yield break;
        }
        if (rule.Min is { } one && rule.Max == one) yield return $"{name}.dst == {one}";
        else if (rule.Min is { } min && rule.Max is { } max) yield return $"{name}.dst >= {min} && {name}.dst <= {max}";
    }
}
