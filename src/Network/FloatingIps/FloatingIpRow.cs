using Xiangyun.Network.Data;

namespace Xiangyun.Network.FloatingIps;

internal sealed class FloatingIpRow : ResourceRow
{
    public required string NetworkId { get; init; }
    public required string SubnetId { get; init; }
    public required string Ip { get; init; }
    public required string OwnPortId { get; init; }
    public string? PortId { get; set; }
    public string? FixedIp { get; set; }
    public string? RouterId { get; set; }
    public string? QosPolicyId { get; set; }

    public string Status => RouterId is not null && ObservedGeneration == Generation ? "ACTIVE" : "DOWN";
}
