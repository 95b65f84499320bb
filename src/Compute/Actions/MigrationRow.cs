namespace Xiangyun.Compute.Actions;

/// <summary>One resize or move of a server, for administrators to read afterwards. It decides nothing.</summary>
internal sealed class MigrationRow
{
    public const string Resize = "resize", Cold = "migration", Live = "live-migration", Evacuation = "evacuation";
    public const string Migrating = "migrating", Finished = "finished", Confirmed = "confirmed", Reverted = "reverted", Completed = "completed", Done = "done", Failed = "failed";

    public required string Id { get; init; }
    /// <summary>Nova's own ids are numbers.</summary>
    public long Number { get; init; }
    public required string ServerId { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public string? SourceHostId { get; init; }
    public string? TargetHostId { get; init; }
    public required string OldFlavorId { get; init; }
    public required string NewFlavorId { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}
