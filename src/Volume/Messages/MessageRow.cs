namespace Xiangyun.Volume.Messages;

/// <summary>What a user should know of something that went wrong after the request was answered.</summary>
internal sealed class MessageRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    /// <summary>Cinder's word: VOLUME, VOLUME_SNAPSHOT, VOLUME_BACKUP.</summary>
    public required string ResourceKind { get; init; }
    public required string ResourceId { get; init; }
    public required string Event { get; init; }
    public required string Text { get; init; }
    public required string RequestId { get; init; }
    public long CreatedAt { get; init; }
}
