using Xiangyun.Engines.Disks;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.QemuImg;

/// <summary>Disks as qcow2 files in the state directory: root disks are overlays of their image, volumes stand alone.</summary>
public sealed class QemuImgDisks(string state) : IDiskEngine
{
    private readonly DiskLayout _layout = new(state);
    private ImageShelf Shelf => field ??= new ImageShelf(_layout);

    public Task<bool> HasImage(string imageId, CancellationToken ct) => Io("image", () => Task.FromResult(Shelf.Find(imageId) is not null));

    public Task StoreImage(ImageSpec image, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken ct) => Io("image", async () =>
    {
        await Shelf.Store(image, bytes, ct);
        return true;
    });

    public Task<IReadOnlyList<string>> Images(CancellationToken ct) => Io("image", () => Task.FromResult(Shelf.List()));

    public Task EnsureImageGone(string imageId, CancellationToken ct) => Io("image", () =>
    {
        Shelf.Remove(imageId);
        return Task.FromResult(true);
    });

    public Task<DiskFile?> LookRoot(string serverId, CancellationToken ct) => Io("disk", () =>
    {
        var directory = _layout.Server(serverId);
        var newest = Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "root-*.qcow2").OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal).LastOrDefault() : null;
        return Task.FromResult(newest is null ? null : Look(newest));
    });

    public Task<DiskFile> EnsureRoot(RootSpec root, CancellationToken ct) => Io("disk", async () =>
    {
        var file = _layout.Root(root.ServerId, root.Made);
        if (!File.Exists(file))
        {
            var image = Shelf.Need(root.ImageId, "disk");
            Directory.CreateDirectory(_layout.Server(root.ServerId));
            await Make(file, part => QemuImg.Overlay(part, image.File, image.Format, Math.Max(root.SizeBytes, image.SizeBytes), ct));
        }
        foreach (var old in Directory.EnumerateFiles(_layout.Server(root.ServerId), "root-*.qcow2").Where(f => f != file)) File.Delete(old);
        return await Grown(file, root.SizeBytes, ct);
    });

    public Task<DiskFile> MakeEmptyRoot(string serverId, long made, long sizeBytes, CancellationToken ct) => Io("disk", async () =>
    {
        var file = _layout.Root(serverId, made);
        Directory.CreateDirectory(_layout.Server(serverId));
        foreach (var old in Directory.EnumerateFiles(_layout.Server(serverId), "root-*.qcow2")) File.Delete(old);
        await Make(file, part => QemuImg.Create(part, sizeBytes, ct, "qcow2"));
        return Look(file);
    });

    public Task<bool> HasWholeRoot(string serverId, long made, CancellationToken ct) => Io("disk", () =>
        Task.FromResult(_layout.Root(serverId, made) is var file && File.Exists(file) && Qcow2Header.Read(file) is { Backing: false }));

    public Task<DiskFile> EnsureRescue(RootSpec rescue, CancellationToken ct) => Io("rescue", async () =>
    {
        var file = _layout.Rescue(rescue.ServerId, rescue.ImageId);
        if (!File.Exists(file))
        {
            var image = Shelf.Need(rescue.ImageId, "rescue");
            Directory.CreateDirectory(_layout.Server(rescue.ServerId));
            await Make(file, part => QemuImg.Overlay(part, image.File, image.Format, image.SizeBytes, ct));
        }
        return Look(file);
    });

    public Task EnsureRescueGone(string serverId, CancellationToken ct) => Io("rescue", () =>
    {
        var directory = _layout.Server(serverId);
        if (Directory.Exists(directory)) foreach (var file in Directory.EnumerateFiles(directory, "rescue-*.qcow2")) File.Delete(file);
        return Task.FromResult(true);
    });

    public Task<DiskFile> EnsureConfigDrive(string serverId, ReadOnlyMemory<byte> iso, CancellationToken ct) => Io("disk", async () =>
    {
        var file = _layout.ConfigDrive(serverId);
        Directory.CreateDirectory(_layout.Server(serverId));
        if (!File.Exists(file) || new FileInfo(file).Length != iso.Length || !(await File.ReadAllBytesAsync(file, ct)).AsSpan().SequenceEqual(iso.Span))
            await Make(file, part => File.WriteAllBytesAsync(part, iso.ToArray(), ct));
        return new DiskFile(file, "raw", iso.Length);
    });

    public Task EnsureRootGone(string serverId, CancellationToken ct) => Io("disk", () =>
    {
        var directory = _layout.Server(serverId);
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        return Task.FromResult(true);
    });

    public Task<IReadOnlyList<string>> Roots(CancellationToken ct) =>
        Io("disk", () => Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateDirectories(_layout.Servers).Select(d => Path.GetFileName(d)).Where(n => Id.Canonical(n) == n)]));

    public Task<DiskFile?> LookVolume(string volumeId, CancellationToken ct) => Io("volume", () =>
    {
        var newest = _layout.VolumeFiles(volumeId).FirstOrDefault();
        return Task.FromResult(newest.File is null ? null : Look(newest.File) with { Content = newest.Content });
    });

    public Task<DiskFile> EnsureVolume(VolumeSpec volume, CancellationToken ct) => Io("volume", async () =>
    {
        var file = _layout.Volume(volume.Id, volume.Content, volume.Raw);
        if (!File.Exists(file)) await Make(file, part => Fill(volume, part, ct));
        foreach (var old in _layout.VolumeFiles(volume.Id).Where(f => f.File != file)) File.Delete(old.File);
        return await Grown(file, volume.SizeBytes, ct) with { Content = volume.Content };
    });

    public Task EnsureVolumeGone(string volumeId, CancellationToken ct) => Io("volume", () =>
    {
        foreach (var one in _layout.VolumeFiles(volumeId)) File.Delete(one.File);
        return Task.FromResult(true);
    });

    public Task<IReadOnlyList<string>> Volumes(CancellationToken ct) =>
        Io("volume", () => Task.FromResult(_layout.VolumeIds));

    public string Scratch() => _layout.Scratch();

    public Task Flatten(DiskFile disk, string into, CancellationToken ct, bool raw = false) => QemuImg.Convert(disk.File, disk.Format, into, ct, raw ? "raw" : "qcow2");

    public Task<DiskUse> Use(CancellationToken ct) => Io("use", () =>
    {
        var drive = new DriveInfo(state);
        return Task.FromResult(new DiskUse(drive.TotalSize, drive.TotalSize - drive.AvailableFreeSpace));
    });

    private async Task Fill(VolumeSpec volume, string part, CancellationToken ct)
    {
        var format = volume.Raw ? "raw" : "qcow2";
        if (volume.Copy is { } copy && volume.Raw)
        {
            await QemuImg.Convert(copy, "qcow2", part, ct, format);
            return;
        }
        if (volume.Copy is not null)
        {
            File.Move(volume.Copy, part, overwrite: true);
            return;
        }
        if (volume.ImageId is null && volume.SourceVolumeId is null)
        {
            await QemuImg.Create(part, volume.SizeBytes, ct, format);
            return;
        }
        var from = volume.ImageId is { } image ? Shelf.Need(image, "volume")
            : await LookVolume(volume.SourceVolumeId!, ct) ?? throw new EngineFault("disks", "volume", $"volume {volume.SourceVolumeId} is not on this host", transient: true);
        await QemuImg.Convert(from.File, from.Format, part, ct, format);
    }

    /// <summary>Grows it where nobody has it open; a running guest's disk is left to the guest's engine.</summary>
    private static async Task<DiskFile> Grown(string file, long size, CancellationToken ct)
    {
        if (Look(file).SizeBytes >= size) return Look(file);
        try
        {
            await QemuImg.Resize(file, size, ct, Look(file).Format);
        }
        catch (EngineFault e) when (QemuImg.Locked(e.Message)) { }
        return Look(file);
    }

    private async Task Make(string file, Func<string, Task> make)
    {
        var part = _layout.Part(file);
        try
        {
            await make(part);
            File.Move(part, file, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static DiskFile Look(string file) => file.EndsWith(".raw", StringComparison.Ordinal) ? new(file, "raw", new FileInfo(file).Length)
        : new(file, "qcow2", (Qcow2Header.Read(file) ?? throw new EngineFault("disks", "look", $"{Path.GetFileName(file)} is not a qcow2 file", transient: false)).Size);

    private static async Task<T> Io<T>(string verb, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineFault("disks", verb, "the file system refused", transient: true, cause: e);
        }
    }
}
