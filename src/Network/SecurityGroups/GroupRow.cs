using Xiangyun.Network.Data;

namespace Xiangyun.Network.SecurityGroups;

internal sealed class GroupRow : ResourceRow
{
    public bool IsDefault { get; init; }
}

internal sealed class GroupRuleRow : ResourceRow
{
    public required string GroupId { get; init; }
    public required string Direction { get; init; }
    public required string Ethertype { get; init; }
    public string? Protocol { get; init; }
    public int? PortMin { get; init; }
    public int? PortMax { get; init; }
    public string? RemoteIpPrefix { get; init; }
    public string? RemoteGroupId { get; init; }
    public string Identity { get; init; } = "";
}
