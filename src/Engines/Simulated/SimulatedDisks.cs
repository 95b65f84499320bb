using System.Collections.Concurrent;
using Xiangyun.Engines.Disks;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Simulated;

/// <summary>What is remembered of a volume.</summary>
public sealed record SimulatedVolume(long Size, long Content, bool Raw);

/// <summary>Disks that are only remembered. Images are checked like real ones when they come, but their bytes are not kept.</summary>
/// <param name="shared">What volumes all hosts of this process have: simulated hosts count as sharing their storage, so that any server can use any volume.</param>
/// <param name="everyImage">true: behaves as if every image were already here, so that 500 hosts need no 500 uploads.</param>
public sealed class SimulatedDisks(bool everyImage, string scratch, ConcurrentDictionary<string, SimulatedVolume>? shared = null) : IDiskEngine
{
    private static readonly DiskUse Capacity = new(4L << 40, 0);
    private readonly ConcurrentDictionary<string, byte> _images = new();
    private readonly ConcurrentDictionary<string, (long Made, long Size)> _roots = new();
    private readonly ConcurrentDictionary<string, SimulatedVolume> _volumes = new();
    private readonly ConcurrentDictionary<string, SimulatedVolume> _shared = shared ?? new();
    private int _scratch;

    public bool Forgets => true;

    public Task<bool> HasImage(string imageId, CancellationToken ct) => Task.FromResult(everyImage || _images.ContainsKey(imageId));

    public async Task StoreImage(ImageSpec image, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken ct)
    {
        using var sum = new ImageSum(image);
        await foreach (var part in bytes.WithCancellation(ct)) sum.Add(part.Span);
        sum.Check();
        _images[image.Id] = 0;
    }

    public Task<IReadOnlyList<string>> Images(CancellationToken ct) => List(_images.Keys);

    public Task EnsureImageGone(string imageId, CancellationToken ct)
    {
        _images.TryRemove(imageId, out _);
        return Task.CompletedTask;
    }

    public Task<DiskFile?> LookRoot(string serverId, CancellationToken ct) =>
        Task.FromResult(_roots.TryGetValue(serverId, out var root) ? new DiskFile("simulated:" + serverId, "qcow2", root.Size) : null);

    public Task<DiskFile> EnsureRoot(RootSpec root, CancellationToken ct)
    {
        if (!everyImage && !_images.ContainsKey(root.ImageId)) throw new EngineFault("simulated", "disk", $"image {root.ImageId} is not on this host", transient: true);
        var made = _roots.AddOrUpdate(root.ServerId, _ => (root.Made, Math.Max(root.SizeBytes, 1L << 30)),
            (_, old) => old.Made == root.Made ? (old.Made, Math.Max(root.SizeBytes, old.Size)) : (root.Made, Math.Max(root.SizeBytes, 1L << 30)));
        return Task.FromResult(new DiskFile("simulated:" + root.ServerId, "qcow2", made.Size));
    }

    public Task<DiskFile> MakeEmptyRoot(string serverId, long made, long sizeBytes, CancellationToken ct)
    {
        _roots[serverId] = (made, sizeBytes);
        return Task.FromResult(new DiskFile("simulated:" + serverId, "qcow2", sizeBytes));
    }

    public Task<bool> HasWholeRoot(string serverId, long made, CancellationToken ct) => Task.FromResult(false);

    public Task<DiskFile> EnsureRescue(RootSpec rescue, CancellationToken ct) =>
        everyImage || _images.ContainsKey(rescue.ImageId) ? Task.FromResult(new DiskFile($"simulated:{rescue.ServerId}/rescue", "qcow2", 1L << 30))
            : throw new EngineFault("simulated", "rescue", $"image {rescue.ImageId} is not on this host", transient: true);

    public Task EnsureRescueGone(string serverId, CancellationToken ct) => Task.CompletedTask;

    public Task<DiskFile> EnsureConfigDrive(string serverId, ReadOnlyMemory<byte> iso, CancellationToken ct) =>
        Task.FromResult(new DiskFile($"simulated:{serverId}/config", "raw", iso.Length));

    public Task EnsureRootGone(string serverId, CancellationToken ct)
    {
        _roots.TryRemove(serverId, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> Roots(CancellationToken ct) => List(_roots.Keys);

    public Task<DiskFile?> LookVolume(string volumeId, CancellationToken ct) =>
        Task.FromResult(_shared.TryGetValue(volumeId, out var volume) ? File(volumeId, volume) : null);

    private static DiskFile File(string id, SimulatedVolume volume) => new("simulated:" + id, volume.Raw ? "raw" : "qcow2", volume.Size, volume.Content);

    public Task<DiskFile> EnsureVolume(VolumeSpec volume, CancellationToken ct)
    {
        if (volume.ImageId is { } image && !everyImage && !_images.ContainsKey(image)) throw new EngineFault("simulated", "volume", $"image {image} is not on this host", transient: true);
        if (volume.SourceVolumeId is { } source && !_shared.ContainsKey(source) && !_volumes.ContainsKey(volume.Id)) throw new EngineFault("simulated", "volume", $"volume {source} is not on this host", transient: true);
        var wanted = new SimulatedVolume(volume.SizeBytes, volume.Content, volume.Raw);
        var made = _volumes.AddOrUpdate(volume.Id, wanted, (_, old) => old.Content == volume.Content ? wanted with { Size = Math.Max(old.Size, volume.SizeBytes) } : wanted);
        _shared[volume.Id] = made;
        return Task.FromResult(File(volume.Id, made));
    }

    public Task EnsureVolumeGone(string volumeId, CancellationToken ct)
    {
        if (_volumes.TryRemove(volumeId, out _)) _shared.TryRemove(volumeId, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> Volumes(CancellationToken ct) => List(_volumes.Keys);

    public string Scratch()
    {
        Directory.CreateDirectory(scratch);
        return Path.Combine(scratch, $"copy-{Interlocked.Increment(ref _scratch)}.qcow2");
    }

    public Task Flatten(DiskFile disk, string into, CancellationToken ct, bool raw = false)
    {
        if (!raw) return System.IO.File.WriteAllBytesAsync(into, EmptyQcow2.Bytes(disk.SizeBytes), ct);
        using var zeroes = System.IO.File.Create(into);
        zeroes.SetLength(disk.SizeBytes);
        return Task.CompletedTask;
    }

    public Task<DiskUse> Use(CancellationToken ct) =>
        Task.FromResult(Capacity with { UsedBytes = _roots.Values.Sum(r => r.Size) + _volumes.Values.Sum(v => v.Size) });

    private static Task<IReadOnlyList<string>> List(ICollection<string> keys) => Task.FromResult<IReadOnlyList<string>>([.. keys]);
}
