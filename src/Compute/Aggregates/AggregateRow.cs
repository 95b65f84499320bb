namespace Xiangyun.Compute.Aggregates;

/// <summary>Hosts that an administrator put together, with words about them; with a zone it makes that availability zone.</summary>
internal sealed class AggregateRow
{
    public long Id { get; init; }
    public required string LongId { get; init; }
    public required string Name { get; init; }
    public string? Zone { get; init; }
    public string Metadata { get; init; } = "{}";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
}

internal sealed class AggregateHostRow
{
    public long AggregateId { get; init; }
    public required string HostId { get; init; }
    /// <summary>The zone that the host goes back to when it leaves.</summary>
    public required string ZoneBefore { get; init; }
}
