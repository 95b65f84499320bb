using System.Net;
using Xiangyun.Client.Records;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.Pages.Networks;

/// <summary>"Can X reach Y": which inbound rule of a group lets a connection in.</summary>
internal static class Reach
{
    /// <summary>The first inbound rule by address that lets it in; rules that name another group are not answered by an address.</summary>
    public static SecurityRule? Allows(SecurityGroup group, IPAddress from, string protocol, int? port) => group.SecurityGroupRules.FirstOrDefault(rule =>
        rule.Direction == "ingress" && rule.RemoteGroupId is null &&
        rule.Ethertype == (from.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4") &&
        (rule.Protocol is null or "any" || rule.Protocol == protocol) &&
        (rule.PortRangeMin is null || protocol == "icmp" || port >= rule.PortRangeMin && port <= (rule.PortRangeMax ?? rule.PortRangeMin)) &&
        (rule.RemoteIpPrefix is null || IPNetwork.TryParse(rule.RemoteIpPrefix, out var net) && net.Contains(from)));

    /// <summary>What the whole world may reach.</summary>
    public static IReadOnlyList<string> OpenPorts(SecurityGroup group, Words w) => [.. group.SecurityGroupRules
        .Where(r => r.Direction == "ingress" && r.RemoteGroupId is null && r.RemoteIpPrefix is (null or "0.0.0.0/0" or "::/0"))
        .Select(r => Text(r, w)).Distinct()];

    public static string Text(SecurityRule rule, Words w) => $"{rule.Protocol?.ToUpperInvariant() ?? w["groups.any"]}{(rule.PortRangeMin is null ? "" : rule.PortRangeMin == rule.PortRangeMax ? $" {rule.PortRangeMin}" : $" {rule.PortRangeMin}–{rule.PortRangeMax}")}";
}
