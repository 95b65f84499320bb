namespace Xiangyun.Volume.Volumes;

/// <summary>One volume: what is wanted, and what its host reported last. <see cref="VolumeState"/> makes the status of both.</summary>
internal sealed class VolumeRow
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required string UserId { get; init; }
    public string? Name { get; init; }
    /// <summary>Set: in the recycle bin, until <see cref="RecycledUntil"/>.</summary>
    public long? RecycledAt { get; init; }
    public long? RecycledUntil { get; init; }
    public string? Description { get; init; }
    public int SizeGib { get; init; }
    public required string TypeId { get; init; }
    public required string Zone { get; init; }
    public bool Bootable { get; init; }
    public bool ReadOnly { get; init; }
    public string? ImageId { get; init; }
    public string? ImageSha512 { get; init; }
    public string? ImageFormat { get; init; }
    public string? SourceVolumeId { get; init; }
    /// <summary>The volume that this one is a snapshot of; null = it is no snapshot.</summary>
    public string? SnapshotOf { get; init; }
    /// <summary>The snapshot that it was made of.</summary>
    public string? SnapshotId { get; init; }
    /// <summary>The group that it belongs to, or of a snapshot the group snapshot that it is a part of.</summary>
    public string? GroupId { get; init; }
    public string? GroupSnapshotId { get; init; }
    /// <summary>Several servers may have it at once: it is kept as a bare file.</summary>
    public bool Multiattach { get; init; }
    /// <summary>How often it was filled anew: reverted to a snapshot or made of another image.</summary>
    public long Content { get; init; }
    public long SeenContent { get; init; }
    /// <summary>What the newest content is copied from, when it is a snapshot.</summary>
    public string? RefillFrom { get; init; }
    public required string HostId { get; init; }
    /// <summary>Rises with each change of what the host is asked for.</summary>
    public long Generation { get; init; }
    public bool Gone { get; init; }
    /// <summary>A guest may have written to it: it cannot be made anew elsewhere.</summary>
    public bool AttachedOnce { get; init; }
    /// <summary>A client's own word between reserve and attach: <c>attaching</c> or <c>detaching</c>.</summary>
    public string? Held { get; init; }
    public string? ResetStatus { get; private set; }
    /// <summary>Of a snapshot: how far it is, in the words of a client that makes it by itself.</summary>
    public string? SaidProgress { get; init; }
    public long SeenGeneration { get; init; }
    public bool Present { get; init; }
    public int SeenSizeGib { get; init; }
    public string? Fault { get; init; }
    public bool FaultTransient { get; init; }
    public long FaultSince { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }

    /// <summary>As it would be without an administrator's word.</summary>
    public VolumeRow WithoutWord()
    {
        var copy = (VolumeRow)MemberwiseClone();
        copy.ResetStatus = null;
        return copy;
    }
}

/// <summary>One pair of a volume: the user's own, or taken over from the image that it was made of.</summary>
internal sealed class MetadataRow
{
    public const string User = "user", Image = "image";
    public required string VolumeId { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}

internal sealed class LeftoverRow
{
    public required string VolumeId { get; init; }
    public required string HostId { get; init; }
    public long Generation { get; init; }
}

internal sealed class UploadRow
{
    public required string VolumeId { get; init; }
    public required string ImageId { get; init; }
    public long CreatedAt { get; init; }
}
