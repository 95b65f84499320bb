using Xiangyun.Network.Data;

namespace Xiangyun.Network.Networks;

internal sealed class NetworkRow : ResourceRow
{
    public bool AdminStateUp { get; set; } = true;
    public bool Shared { get; set; }
    public bool External { get; set; }
    public int Mtu { get; set; }
    public bool PortSecurityEnabled { get; set; } = true;
    /// <summary>geneve (tunnelled), flat or vlan (on a physical network).</summary>
    public string ProviderType { get; init; } = "geneve";
    public string? PhysicalNetwork { get; init; }
    public int? SegmentationId { get; init; }
    public string? QosPolicyId { get; set; }
    /// <summary>Ends with a dot; empty = none.</summary>
    public string DnsDomain { get; set; } = "";
}
