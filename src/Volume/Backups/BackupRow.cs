namespace Xiangyun.Volume.Backups;

/// <summary>
/// The content of a volume at one moment. It lies in the image store, as an image of nobody's, so it outlives the host of
/// its volume and can be restored on any other.
/// </summary>
internal sealed class BackupRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public required string Container { get; init; }
    public required string VolumeId { get; init; }
    public string? SnapshotId { get; init; }
    public int SizeGib { get; init; }
    public required string TypeId { get; init; }
    public bool Bootable { get; init; }
    /// <summary>What the volume had, as JSON, so that a restored one has it again.</summary>
    public required string Metadata { get; init; }
    /// <summary>The backup's own pairs, as JSON.</summary>
    public string OwnMetadata { get; init; } = "{}";
    public required string ImageMetadata { get; init; }
    public required string ImageId { get; init; }
    /// <summary>The snapshot that is being read, while it is; one that was made for this alone has no owner.</summary>
    public string? SourceId { get; init; }
    public bool Filled { get; init; }
    public bool Gone { get; init; }
    public string? Fault { get; init; }
    public string? ResetStatus { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public string Status(bool restoring) => Gone ? "deleting" : ResetStatus ?? (Fault is not null ? "error" : !Filled ? "creating" : restoring ? "restoring" : "available");
}
