using Xiangyun.Engines.Disks;

namespace Xiangyun.Engines.Chaos;

/// <summary>A disk engine that a <see cref="Strike"/> may hit.</summary>
public sealed class ChaosDisks(IDiskEngine inner, Strike strike) : IDiskEngine
{
    private const string Engine = "disks";

    public Task<bool> HasImage(string imageId, CancellationToken ct) => strike.Around(Engine, "image", () => inner.HasImage(imageId, ct));
    public Task StoreImage(ImageSpec image, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken ct) => strike.Around(Engine, "image", () => inner.StoreImage(image, bytes, ct));
    public Task<IReadOnlyList<string>> Images(CancellationToken ct) => strike.Around(Engine, "image", () => inner.Images(ct));
    public Task EnsureImageGone(string imageId, CancellationToken ct) => strike.Around(Engine, "image", () => inner.EnsureImageGone(imageId, ct));
    public Task<DiskFile?> LookRoot(string serverId, CancellationToken ct) => strike.Around(Engine, "look", () => inner.LookRoot(serverId, ct));
    public Task<DiskFile> EnsureRoot(RootSpec root, CancellationToken ct) => strike.Around(Engine, "disk", () => inner.EnsureRoot(root, ct));
    public Task<DiskFile> MakeEmptyRoot(string serverId, long made, long sizeBytes, CancellationToken ct) => strike.Around(Engine, "disk", () => inner.MakeEmptyRoot(serverId, made, sizeBytes, ct));
    public Task<bool> HasWholeRoot(string serverId, long made, CancellationToken ct) => strike.Around(Engine, "look", () => inner.HasWholeRoot(serverId, made, ct));
    public Task<DiskFile> EnsureRescue(RootSpec rescue, CancellationToken ct) => strike.Around(Engine, "rescue", () => inner.EnsureRescue(rescue, ct));
    public Task EnsureRescueGone(string serverId, CancellationToken ct) => strike.Around(Engine, "rescue", () => inner.EnsureRescueGone(serverId, ct));
    public Task<DiskFile> EnsureConfigDrive(string serverId, ReadOnlyMemory<byte> iso, CancellationToken ct) => strike.Around(Engine, "disk", () => inner.EnsureConfigDrive(serverId, iso, ct));
    public Task EnsureRootGone(string serverId, CancellationToken ct) => strike.Around(Engine, "disk", () => inner.EnsureRootGone(serverId, ct));
    public Task<IReadOnlyList<string>> Roots(CancellationToken ct) => strike.Around(Engine, "list", () => inner.Roots(ct));
    public Task<DiskFile?> LookVolume(string volumeId, CancellationToken ct) => strike.Around(Engine, "look", () => inner.LookVolume(volumeId, ct));
    public Task<DiskFile> EnsureVolume(VolumeSpec volume, CancellationToken ct) => strike.Around(Engine, "volume", () => inner.EnsureVolume(volume, ct));
    public Task EnsureVolumeGone(string volumeId, CancellationToken ct) => strike.Around(Engine, "volume", () => inner.EnsureVolumeGone(volumeId, ct));
    public Task<IReadOnlyList<string>> Volumes(CancellationToken ct) => strike.Around(Engine, "list", () => inner.Volumes(ct));
    public string Scratch() => inner.Scratch();
    public Task Flatten(DiskFile disk, string into, CancellationToken ct, bool raw = false) => strike.Around(Engine, "copy", () => inner.Flatten(disk, into, ct, raw));
    public Task<DiskUse> Use(CancellationToken ct) => inner.Use(ct);
}
