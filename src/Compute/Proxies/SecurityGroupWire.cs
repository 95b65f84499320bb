using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Proxies;

/// <summary>A security group and a rule of Network as Nova showed them: incoming rules only.</summary>
internal static class SecurityGroupWire
{
    public static JsonObject Of(JsonNode group, IReadOnlyDictionary<string, JsonNode> names) => new()
    {
        ["id"] = group["id"]!.DeepClone(), ["name"] = group["name"]!.DeepClone(), ["description"] = group["description"]?.DeepClone() ?? "", ["tenant_id"] = group["tenant_id"]!.DeepClone(),
        ["rules"] = new JsonArray([.. group["security_group_rules"]!.AsArray().Where(r => r!["direction"]!.ToString() == "ingress").Select(r => Rule(r!, names))]),
    };

    public static JsonObject Rule(JsonNode rule, IReadOnlyDictionary<string, JsonNode> names)
    {
        var protocol = rule["protocol"]?.ToString();
        var (from, to) = ((int?)rule["port_range_min"], (int?)rule["port_range_max"]);
        if (protocol is not null && from is null) (from, to) = protocol is "tcp" or "udp" ? (1, 65535) : (-1, -1);
        var remote = rule["remote_group_id"]?.ToString();
        return new JsonObject
        {
            ["id"] = rule["id"]!.DeepClone(), ["parent_group_id"] = rule["security_group_id"]!.DeepClone(), ["ip_protocol"] = protocol, ["from_port"] = from, ["to_port"] = to,
            ["group"] = remote is not null && names.TryGetValue(remote, out var group) ? new JsonObject { ["name"] = group["name"]!.DeepClone(), ["tenant_id"] = group["tenant_id"]!.DeepClone() } : [],
            ["ip_range"] = remote is not null ? [] : new JsonObject { ["cidr"] = rule["remote_ip_prefix"]?.ToString() ?? (rule["ethertype"]!.ToString() == "IPv6" ? "::/0" : "0.0.0.0/0") },
        };
    }
}

/// <summary>A rule that somebody wants, read as Nova read it.</summary>
internal sealed record SecurityGroupRule(string ParentId, string? GroupId, string? Cidr, string? Protocol, long? From, long? To)
{
    public static SecurityGroupRule Read(Fields body)
    {
        var parent = body.IdOr("parent_group_id") ?? throw CloudError.Invalid("'parent_group_id' is a required property.");
        var (group, cidr) = (body.IdOr("group_id"), body.TextOr("cidr", 1));
        var protocol = (body.Raw("ip_protocol") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetRawText() : body.TextOr("ip_protocol", 1))?.ToLowerInvariant();
        var (from, to) = (body.NumberOr("from_port", -1, 65_535), body.NumberOr("to_port", -1, 65_535));
        body.Done();
        if (cidr is not null && !(System.Net.IPNetwork.TryParse(cidr, out _) || cidr.Split('/') is [var ip, var bits] && System.Net.IPAddress.TryParse(ip, out _) && int.TryParse(bits, out _))) throw CloudError.Invalid($"Invalid cidr {cidr}.");
        if (protocol is null && group is null) throw CloudError.Invalid("Not enough parameters to build a valid rule: ip_protocol, from_port and to_port, or group_id.");
        if (protocol is "tcp" or "udp" && (from is null or -1 || to is null or -1)) throw CloudError.Invalid("Valid TCP and UDP ports are 1 to 65535.");
        if (from > to) throw CloudError.Invalid("Former value cannot be greater than the later");
        return new(parent, group, group is null ? cidr ?? "0.0.0.0/0" : null, protocol, from is -1 ? null : from, to is -1 ? null : to);
    }

    public Dictionary<string, object?> ForNetwork() => new()
    {
        ["security_group_id"] = ParentId, ["direction"] = "ingress", ["ethertype"] = Cidr?.Contains(':') == true ? "IPv6" : "IPv4", ["protocol"] = Protocol, ["port_range_min"] = From, ["port_range_max"] = To,
        ["remote_group_id"] = GroupId, ["remote_ip_prefix"] = Cidr,
    };
}
