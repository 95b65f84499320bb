namespace Xiangyun.Network.Fabric;

internal static class FixedGroups
{
    /// <summary>The group of all secured ports: what no security group allows is dropped; asking for an address is always allowed.</summary>
    public const string Drop = "drop";
}
