using System.Globalization;
using Xiangyun.Kernel;
using Xiangyun.Network.Subnets;
using Xiangyun.Wire;

namespace Xiangyun.Network.SecurityGroups;

/// <summary>What a rule may say, and its normal form: two rules that mean the same are one.</summary>
internal static class RuleRules
{
    public static readonly string[] Ethertypes = ["IPv4", "IPv6"];

    /// <summary>Protocol names of Neutron and their IANA numbers.</summary>
    private static readonly Dictionary<string, int> Protocols = new()
    {
        ["icmp"] = 1, ["igmp"] = 2, ["ipip"] = 4, ["tcp"] = 6, ["egp"] = 8, ["udp"] = 17, ["dccp"] = 33, ["rsvp"] = 46, ["gre"] = 47, ["esp"] = 50, ["ah"] = 51,
        ["ipv6-icmp"] = 58, ["icmpv6"] = 58, ["ipv6-nonxt"] = 59, ["ospf"] = 89, ["pgm"] = 113, ["vrrp"] = 112, ["sctp"] = 132, ["udplite"] = 136,
    };

    /// <summary>Protocols whose packets have ports.</summary>
    private static readonly int[] WithPorts = [6, 17, 33, 132, 136];

    /// <summary>IANA number of a protocol name or number; null = any.</summary>
    public static int? Number(string? protocol, string ethertype)
    {
        if (protocol is null or "any") return null;
        if (!Protocols.TryGetValue(protocol, out var number) && !(int.TryParse(protocol, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 255))
            throw CloudError.Invalid($"Security group rule protocol {protocol} not supported. Only protocol values [{string.Join(", ", Protocols.Keys)}] and integer representations [0 to 255] are supported.", "SecurityGroupRuleInvalidProtocol");
        if (number == 0) return null;
        return number == 1 && ethertype == "IPv6" ? 58 : number;
    }

    public static GroupRuleRow Read(string projectId, string groupId, Fields fields)
    {
        var ethertype = Ethertype(fields.TextOr("ethertype") ?? "IPv4");
        var protocol = Protocol(fields);
        var number = Number(protocol, ethertype);
        var (min, max) = Ports(fields, number, ethertype);
        var prefix = Prefix(fields.TextOr("remote_ip_prefix"), ethertype);
        var remote = fields.TextOr("remote_group_id");
        if (prefix is not null && remote is not null) throw CloudError.Invalid("Only remote_ip_prefix or remote_group_id may be provided.", "SecurityGroupRemoteGroupAndRemoteIpPrefix");
        var direction = fields.OneOf("direction", "ingress", "egress") ?? throw CloudError.Invalid("Failed to parse request. Required attribute 'direction' not specified", "HTTPBadRequest");
        return new GroupRuleRow
        {
            Id = Id.New(), ProjectId = projectId, GroupId = groupId, Direction = direction, Ethertype = ethertype, Protocol = protocol, PortMin = min, PortMax = max,
            RemoteIpPrefix = prefix, RemoteGroupId = remote, Description = fields.TextOr("description") ?? "",
            Identity = Identify(direction, ethertype, number, min, max, prefix, remote),
        };
    }

    /// <summary>Everything of one direction, from anywhere or from one group.</summary>
    public static GroupRuleRow Plain(string projectId, string groupId, string direction, string ethertype, string? remoteGroup) => new()
    {
        Id = Id.New(), ProjectId = projectId, GroupId = groupId, Direction = direction, Ethertype = ethertype, RemoteGroupId = remoteGroup,
        Identity = Identify(direction, ethertype, null, null, null, null, remoteGroup),
    };

    /// <summary>The prefix that stands for everything is the same as none.</summary>
    private static string Identify(string direction, string ethertype, int? protocol, int? min, int? max, string? prefix, string? remote) =>
        string.Join('|', direction, ethertype, protocol, min, max, prefix is "0.0.0.0/0" or "::/0" ? null : prefix, remote);

    private static string? Protocol(Fields fields)
    {
        if (fields.Raw("protocol") is { ValueKind: System.Text.Json.JsonValueKind.Number } number) return number.GetRawText();
        return fields.TextOr("protocol")?.ToLowerInvariant() is { Length: > 0 } text and not "any" ? text : null;
    }

    private static string Ethertype(string text) => Ethertypes.FirstOrDefault(t => t.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw CloudError.Invalid($"Invalid input for ethertype. Reason: '{text}' is not in {string.Join(", ", Ethertypes)}.", "HTTPBadRequest");

    private static (int?, int?) Ports(Fields fields, int? number, string ethertype)
    {
        var min = (int?)fields.NumberOr("port_range_min", int.MinValue, int.MaxValue);
        var max = (int?)fields.NumberOr("port_range_max", int.MinValue, int.MaxValue);
        if (min is null && max is null) return (null, null);
        if (number is 1 or 58)
        {
            if (min is null) throw CloudError.Invalid($"ICMP code (port-range-max) {max} is provided but ICMP type (port-range-min) is missing.", "SecurityGroupMissingIcmpType");
            if (min is < 0 or > 255) throw CloudError.Invalid($"Invalid value for ICMP type (port-range-min) {min}, it must be 0 to 255.", "SecurityGroupInvalidIcmpValue");
            if (max is < 0 or > 255) throw CloudError.Invalid($"Invalid value for ICMP code (port-range-max) {max}, it must be 0 to 255.", "SecurityGroupInvalidIcmpValue");
            return (min, max);
        }
        if (number is null || !WithPorts.Contains(number.Value))
            throw CloudError.Invalid($"Port range cannot be specified for protocol {number?.ToString(CultureInfo.InvariantCulture) ?? "any"}. Port range is only supported for TCP, UDP, UDPLITE, SCTP and DCCP.", "SecurityGroupInvalidProtocolForPort");
        foreach (var port in new[] { min, max })
            if (port is < 0 or > 65535) throw CloudError.Invalid($"Invalid value for port {port}", "SecurityGroupInvalidPortValue");
        if (min is null || max is null || min == 0 || min > max)
            throw CloudError.Invalid("For TCP/UDP protocols, port_range_min must be <= port_range_max, and both must be 1 to 65535.", "SecurityGroupInvalidPortRange");
        return (min, max);
    }

    private static string? Prefix(string? text, string ethertype)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var cidr = Cidr.Parse(text) ?? throw CloudError.Invalid($"Invalid input for remote_ip_prefix. Reason: '{text}' is not a valid IP subnet.", "HTTPBadRequest");
        return ethertype == $"IPv{cidr.Version}" ? cidr.ToString() : throw CloudError.Invalid($"Conflicting value ethertype {ethertype} for CIDR {text}", "SecurityGroupRuleParameterConflict");
    }
}
