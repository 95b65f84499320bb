namespace Xiangyun.Capacity.Idle;

/// <summary>One thing that seems to be of no use to anybody, and what its owner says to that.</summary>
internal sealed class IdleRow
{
    public required string Id { get; init; }
    /// <summary>server_idle, server_stopped, volume, snapshot, floating_ip</summary>
    public required string Kind { get; init; }
    /// <summary>server, volume, snapshot, floating_ip</summary>
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public string? Name { get; init; }
    public required string ProjectId { get; init; }
    public required string State { get; init; }
    public long Since { get; init; }
    /// <summary>Hundredths of the currency for 30 days.</summary>
    public long Cost { get; init; }
    public required string Evidence { get; init; }
    public long Reminders { get; init; }
    public long? RemindedAt { get; init; }
    /// <summary>Set: nobody answered, and the bureau's manager is asked.</summary>
    public long? EscalatedAt { get; init; }
    public string? AnsweredBy { get; init; }
    public string? Standpoint { get; init; }
    public long? AnsweredAt { get; init; }
    public string? Reason { get; init; }
    public long? KeepUntil { get; init; }
    /// <summary>Then it goes for good: from the recycle bin, or at all.</summary>
    public long? ReleaseAt { get; init; }
    public string? RequestId { get; init; }
    public string? Error { get; init; }
    public long Generation { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>open -> kept (until a day) or released (undoable until a day) -> gone. Asked = a request for the deletion waits for a second person.</summary>
internal static class IdleStates
{
    public const string Open = "open", Kept = "kept", Asked = "asked", Released = "released", Gone = "gone";
    public static readonly string[] All = [Open, Kept, Asked, Released, Gone];
}
