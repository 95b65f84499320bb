namespace Xiangyun.Image.Images;

/// <summary>One image. Its status is computed, so an upload that dies with its server cannot leave it in <c>saving</c>.</summary>
internal sealed class ImageRow
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    /// <summary>Set: in the recycle bin, until <see cref="RecycledUntil"/>.</summary>
    public long? RecycledAt { get; init; }
    public long? RecycledUntil { get; init; }
    public required string OwnerId { get; init; }
    public required string Visibility { get; init; }
    public bool Hidden { get; init; }
    public bool Protected { get; init; }
    public bool Deactivated { get; init; }
    public string? ContainerFormat { get; init; }
    public string? DiskFormat { get; init; }
    /// <summary>GiB.</summary>
    public int MinDisk { get; init; }
    /// <summary>MiB.</summary>
    public int MinRam { get; init; }
    public long? Size { get; init; }
    public long? VirtualSize { get; init; }
    public string? Md5 { get; init; }
    public string? Sha512 { get; init; }
    /// <summary>Name of the file with the data; null = no data yet.</summary>
    public string? DataFile { get; init; }
    /// <summary>The upload that may fill it; the word of any other is void.</summary>
    public string? UploadId { get; init; }
    /// <summary>The running upload renews this; when it is past, the upload is dead.</summary>
    public long SavingUntil { get; init; }
    /// <summary>Data that was put here for a later import.</summary>
    public string? StagedFile { get; init; }
    /// <summary>The task that imports right now.</summary>
    public string? ImportTask { get; init; }
    /// <summary>The last import ended without data.</summary>
    public bool ImportFailed { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public string Status(long now) => DataFile is not null ? Deactivated ? "deactivated" : "active"
        : ImportTask is not null ? "importing" : StagedFile is not null ? "uploading" : SavingUntil > now ? "saving" : "queued";
}

internal sealed class PropertyRow
{
    public required string ImageId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}

internal sealed class TagRow
{
    public required string ImageId { get; init; }
    public required string Tag { get; init; }
}

internal sealed class MemberRow
{
    public required string ImageId { get; init; }
    public required string MemberId { get; init; }
    /// <summary>pending, accepted or rejected.</summary>
    public required string Status { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}
