namespace Xiangyun.Compute.Groups;

/// <summary>Servers that shall be on one host, or on different ones.</summary>
internal sealed class GroupRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    /// <summary>affinity, anti-affinity, soft-affinity or soft-anti-affinity.</summary>
    public required string Policy { get; init; }
    /// <summary>With anti-affinity: so many of its servers may share a host; null = one.</summary>
    public long? MostPerHost { get; init; }
    public long CreatedAt { get; init; }
}

internal sealed class GroupMemberRow
{
    public required string ServerId { get; init; }
    public required string GroupId { get; init; }
}
