using Xiangyun.Network.Data;

namespace Xiangyun.Network.Trunks;

internal sealed class TrunkRow : ResourceRow
{
    /// <summary>The parent port, through which all traffic of the trunk goes.</summary>
    public required string PortId { get; init; }
    public bool AdminStateUp { get; set; } = true;
}

/// <summary>A port that reaches its guest through the trunk's parent, tagged with a VLAN.</summary>
internal sealed class SubportRow
{
    public required string PortId { get; init; }
    public required string TrunkId { get; init; }
    public int Vlan { get; init; }
}
