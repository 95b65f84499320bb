using Xiangyun.Network.Data;

namespace Xiangyun.Network.Subnets;

internal sealed class SubnetRow : ResourceRow
{
    public required string NetworkId { get; init; }
    public required string Cidr { get; init; }
    public int IpVersion { get; init; } = 4;
    public string? RaMode { get; init; }
    public string? AddressMode { get; init; }
    public string? SubnetPoolId { get; init; }
    public string? GatewayIp { get; set; }
    public bool EnableDhcp { get; set; } = true;
    public string Pools { get; set; } = "[]";
    public string HostRoutes { get; set; } = "[]";
    public string DnsServers { get; set; } = "[]";
}

internal sealed record Pool(string Start, string End);

internal sealed record HostRoute(string Destination, string Nexthop);
