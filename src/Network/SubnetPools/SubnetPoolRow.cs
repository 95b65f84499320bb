using Xiangyun.Network.Data;

namespace Xiangyun.Network.SubnetPools;

/// <summary>Addresses that belong together: inside one scope no two subnets from pools overlap.</summary>
internal sealed class AddressScopeRow : ResourceRow
{
    public required int IpVersion { get; init; }
    public bool Shared { get; set; }
}

/// <summary>Prefixes from which subnets get their cidr by themselves.</summary>
internal sealed class SubnetPoolRow : ResourceRow
{
    public required int IpVersion { get; init; }
    /// <summary>A list of cidrs.</summary>
    public required string Prefixes { get; set; }
    public int MinPrefix { get; set; }
    public int DefaultPrefix { get; set; }
    public int MaxPrefix { get; set; }
    public bool Shared { get; set; }
    public bool IsDefault { get; set; }
    /// <summary>Addresses that one project may take; null = any number.</summary>
    public int? DefaultQuota { get; set; }
    public string? AddressScopeId { get; set; }
}
