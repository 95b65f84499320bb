using Xiangyun.Network.Data;

namespace Xiangyun.Network.Qos;

internal sealed class QosPolicyRow : ResourceRow
{
    public bool Shared { get; set; }
    /// <summary>Networks of its project that name no policy follow it.</summary>
    public bool IsDefault { get; set; }
}

internal sealed class QosRuleRow
{
    public required string Id { get; init; }
    public required string PolicyId { get; init; }
    /// <summary>bandwidth_limit or dscp_marking.</summary>
    public required string Kind { get; init; }
    /// <summary>egress = out of the guest.</summary>
    public string? Direction { get; set; }
    public long? MaxKbps { get; set; }
    public long? MaxBurstKbps { get; set; }
    public int? DscpMark { get; set; }
}
