namespace Xiangyun.Operations.Alarms;

/// <summary>One trouble from when it was noticed until it is over. While it has not held long enough it is not raised, and nobody sees it.</summary>
internal sealed class AlarmRow
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Kind { get; init; }
    /// <summary>A <see cref="Store.Alarms.Severity"/>.</summary>
    public long Severity { get; init; }
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public string? ObjectName { get; init; }
    public string? ProjectId { get; init; }
    public string? DomainId { get; init; }
    /// <summary>JSON: what stands for the braces of the message.</summary>
    public required string MessageValues { get; init; }
    public long NoticedAt { get; init; }
    public long? RaisedAt { get; init; }
    public long LastSeenAt { get; init; }
    /// <summary>Not seen any more since then, but not for long enough to be over.</summary>
    public long? MissingSince { get; init; }
    public long? ClearedAt { get; init; }
    public long? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public string? AcknowledgedName { get; init; }
    public string? Note { get; init; }
    public long? SilencedUntil { get; init; }
    public string? SilencedBy { get; init; }
}
