namespace Xiangyun.Compute.Actions;

/// <summary>A server's disk that is being copied into an image.</summary>
internal sealed class SnapshotRow
{
    public required string ImageId { get; init; }
    public required string ServerId { get; init; }
    public long StartedAt { get; init; }
    /// <summary>A backup: how many of this kind are kept.</summary>
    public long? Rotation { get; init; }
    public string? BackupKind { get; init; }
}
