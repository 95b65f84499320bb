using Xiangyun.Network.Data;

namespace Xiangyun.Network.Forwarding;

/// <summary>One port of a floating IP that leads to one port of a fixed address.</summary>
internal sealed class ForwardingRow : ResourceRow
{
    public required string FloatingIpId { get; init; }
    public required string Protocol { get; set; }
    public int ExternalPort { get; set; }
    public required string InternalPortId { get; set; }
    public required string InternalIp { get; set; }
    public int InternalPort { get; set; }
}
