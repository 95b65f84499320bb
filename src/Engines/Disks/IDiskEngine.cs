namespace Xiangyun.Engines.Disks;

/// <param name="Sha512">Lower-case hex; empty = not checked.</param>
/// <param name="Format"><c>qcow2</c> or <c>raw</c>.</param>
/// <param name="Size">Bytes of the file; 0 = not told.</param>
public sealed record ImageSpec(string Id, string Sha512, string Format, long Size);

/// <param name="SizeBytes">0 = as large as the image. Never shrinks.</param>
/// <param name="Made">Rises when the disk must be made anew from the image.</param>
public sealed record RootSpec(string ServerId, long Made, string ImageId, string ImageFormat, long SizeBytes);

/// <summary>Made from an image, from another volume, or empty when both are null.</summary>
/// <param name="Copy">A scratch file that already is a copy of the source (which a guest has open): it becomes the volume.</param>
/// <param name="Content">Rises when the volume must be filled anew; the file of the content before goes then.</param>
/// <param name="Raw">A bare file instead of qcow2: only such a one can be open in several guests.</param>
public sealed record VolumeSpec(string Id, long SizeBytes, string? ImageId, string? ImageFormat, string? SourceVolumeId, string? Copy = null, long Content = 0, bool Raw = false);

/// <param name="Content">Of a volume: which filling of it this is.</param>
public sealed record DiskFile(string File, string Format, long SizeBytes, long Content = 0);

public sealed record DiskUse(long TotalBytes, long UsedBytes);

/// <summary>
/// Images, root disks and volumes of one host. A disk appears whole or not at all (made beside its place, then renamed),
/// so a killed agent leaves nothing half made. Verbs may be called again; sizes only grow.
/// </summary>
public interface IDiskEngine
{
    /// <summary>Disks that are only remembered are gone with the process, without any data having been lost: they may be made anew.</summary>
    bool Forgets => false;

    Task<bool> HasImage(string imageId, CancellationToken ct);

    /// <summary>Takes the bytes, checks sum and content, then keeps them. Refuses images that point to other files.</summary>
    /// <exception cref="Kernel.CloudError">Invalid: the bytes are not what was announced, or not allowed.</exception>
    Task StoreImage(ImageSpec image, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken ct);

    Task<IReadOnlyList<string>> Images(CancellationToken ct);
    Task EnsureImageGone(string imageId, CancellationToken ct);

    Task<DiskFile?> LookRoot(string serverId, CancellationToken ct);
    Task<DiskFile> EnsureRoot(RootSpec root, CancellationToken ct);

    /// <summary>A root disk for what another host copies into it; what was there before is gone.</summary>
    /// <param name="made">As in <see cref="RootSpec.Made"/>.</param>
    Task<DiskFile> MakeEmptyRoot(string serverId, long made, long sizeBytes, CancellationToken ct);

    /// <summary>The root disk is there and needs no image below it.</summary>
    Task<bool> HasWholeRoot(string serverId, long made, CancellationToken ct);

    /// <summary>A second disk to boot from, of another image, beside the root disk.</summary>
    Task<DiskFile> EnsureRescue(RootSpec rescue, CancellationToken ct);

    /// <summary>No guest has it open any more.</summary>
    Task EnsureRescueGone(string serverId, CancellationToken ct);

    /// <summary>Writes the config drive beside the root disk.</summary>
    Task<DiskFile> EnsureConfigDrive(string serverId, ReadOnlyMemory<byte> iso, CancellationToken ct);

    /// <summary>Root disk, rescue disk and config drive.</summary>
    Task EnsureRootGone(string serverId, CancellationToken ct);

    /// <summary>Servers that have a root disk or config drive here, wanted or not.</summary>
    Task<IReadOnlyList<string>> Roots(CancellationToken ct);

    /// <summary>The newest content that is here.</summary>
    Task<DiskFile?> LookVolume(string volumeId, CancellationToken ct);
    Task<DiskFile> EnsureVolume(VolumeSpec volume, CancellationToken ct);
    Task EnsureVolumeGone(string volumeId, CancellationToken ct);
    Task<IReadOnlyList<string>> Volumes(CancellationToken ct);

    /// <summary>A path for a copy that nobody but the caller uses; deleted at the next start if left over.</summary>
    string Scratch();

    /// <summary>Writes one flat qcow2 of a disk that no guest has open.</summary>
    Task Flatten(DiskFile disk, string into, CancellationToken ct, bool raw = false);

    Task<DiskUse> Use(CancellationToken ct);
}
