using System.Security.Cryptography;
using Xiangyun.Engines.Disks;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Engines;

/// <summary>What every disk engine promises; asked of the simulated one and of qemu-img in the same words.</summary>
public abstract class DiskEngineContract : IDisposable
{
    private const long Gib = 1L << 30;
    private static readonly CancellationToken Never = CancellationToken.None;

    protected string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("xy-").FullName;

    public abstract IDiskEngine Engine { get; }

    /// <summary>Bytes of a qcow2 image of 1 GiB.</summary>
    protected abstract Task<byte[]> Image();

    protected async Task<string> Stored()
    {
        var bytes = await Image();
        var id = Id.New();
        await Engine.StoreImage(new ImageSpec(id, Sum(bytes), "qcow2", bytes.Length), Parts(bytes), Never);
        return id;
    }

    [Fact]
    public async Task an_image_is_kept_when_its_sum_is_right_and_only_then()
    {
        var bytes = await Image();
        var id = Id.New();
        Assert.False(await Engine.HasImage(id, Never));
        await Assert.ThrowsAsync<CloudError>(() => Engine.StoreImage(new ImageSpec(id, Sum([1]), "qcow2", 0), Parts(bytes), Never));
        await Assert.ThrowsAsync<CloudError>(() => Engine.StoreImage(new ImageSpec(id, Sum(bytes), "qcow2", bytes.Length + 1), Parts(bytes), Never));
        Assert.False(await Engine.HasImage(id, Never));
        for (var twice = 0; twice < 2; twice++) await Engine.StoreImage(new ImageSpec(id, Sum(bytes), "qcow2", bytes.Length), Parts(bytes), Never);
        Assert.True(await Engine.HasImage(id, Never));
        Assert.Equal([id], await Engine.Images(Never));
        await Engine.EnsureImageGone(id, Never);
        await Engine.EnsureImageGone(id, Never);
        Assert.False(await Engine.HasImage(id, Never));
    }

    [Fact]
    public async Task a_rescue_disk_stands_beside_the_root_disk_and_goes_alone()
    {
        var (image, server) = (await Stored(), Id.New());
        var root = await Engine.EnsureRoot(new RootSpec(server, 0, image, "qcow2", 0), Never);
        var rescue = await Engine.EnsureRescue(new RootSpec(server, 0, image, "qcow2", 0), Never);
        Assert.NotEqual(root.File, rescue.File);
        Assert.Equal(rescue, await Engine.EnsureRescue(new RootSpec(server, 0, image, "qcow2", 0), Never));
        Assert.Equal(root, await Engine.LookRoot(server, Never));
        for (var twice = 0; twice < 2; twice++) await Engine.EnsureRescueGone(server, Never);
        Assert.Equal(root, await Engine.LookRoot(server, Never));
        await Engine.EnsureRootGone(server, Never);
    }

    [Fact]
    public async Task a_root_disk_is_made_from_its_image_grows_and_is_made_anew()
    {
        var (image, server) = (await Stored(), Id.New());
        Assert.Null(await Engine.LookRoot(server, Never));
        var first = await Engine.EnsureRoot(new RootSpec(server, 0, image, "qcow2", 0), Never);
        Assert.Equal(Gib, first.SizeBytes);
        Assert.Equal(first, await Engine.EnsureRoot(new RootSpec(server, 0, image, "qcow2", 0), Never));
        Assert.Equal(2 * Gib, (await Engine.EnsureRoot(new RootSpec(server, 0, image, "qcow2", 2 * Gib), Never)).SizeBytes);
        Assert.Equal(2 * Gib, (await Engine.EnsureRoot(new RootSpec(server, 0, image, "qcow2", Gib), Never)).SizeBytes);
        Assert.Equal(Gib, (await Engine.EnsureRoot(new RootSpec(server, 1, image, "qcow2", Gib), Never)).SizeBytes);
        Assert.Equal([server], await Engine.Roots(Never));
        await Engine.EnsureRootGone(server, Never);
        await Engine.EnsureRootGone(server, Never);
        Assert.Empty(await Engine.Roots(Never));
    }

    [Fact]
    public async Task a_root_disk_of_an_image_that_is_not_here_is_a_passing_fault()
    {
        var fault = await Assert.ThrowsAsync<EngineFault>(() => Engine.EnsureRoot(new RootSpec(Id.New(), 0, Id.New(), "qcow2", 0), Never));
        Assert.True(fault.Transient);
    }

    [Fact]
    public async Task a_volume_is_made_empty_or_from_an_image_or_a_volume_and_only_grows()
    {
        var image = await Stored();
        var (empty, filled, clone) = (Id.New(), Id.New(), Id.New());
        Assert.Equal(Gib, (await Engine.EnsureVolume(new VolumeSpec(empty, Gib, null, null, null), Never)).SizeBytes);
        Assert.Equal(3 * Gib, (await Engine.EnsureVolume(new VolumeSpec(filled, 3 * Gib, image, "qcow2", null), Never)).SizeBytes);
        Assert.Equal(3 * Gib, (await Engine.EnsureVolume(new VolumeSpec(clone, 3 * Gib, null, null, filled), Never)).SizeBytes);
        Assert.Equal(2 * Gib, (await Engine.EnsureVolume(new VolumeSpec(empty, 2 * Gib, null, null, null), Never)).SizeBytes);
        Assert.Equal(2 * Gib, (await Engine.EnsureVolume(new VolumeSpec(empty, Gib, null, null, null), Never)).SizeBytes);
        Assert.Equal(new[] { empty, filled, clone }.Order(), (await Engine.Volumes(Never)).Order());
        foreach (var id in new[] { empty, filled, clone, empty }) await Engine.EnsureVolumeGone(id, Never);
        Assert.Empty(await Engine.Volumes(Never));
        Assert.Null(await Engine.LookVolume(empty, Never));
    }

    [Fact]
    public async Task a_volume_is_filled_anew_and_only_the_newest_content_stays()
    {
        var (image, volume) = (await Stored(), Id.New());
        var first = await Engine.EnsureVolume(new VolumeSpec(volume, Gib, null, null, null), Never);
        var second = await Engine.EnsureVolume(new VolumeSpec(volume, Gib, image, "qcow2", null, Content: 1), Never);
        Assert.Equal((0, 1), (first.Content, second.Content));
        Assert.Equal(second, await Engine.LookVolume(volume, Never));
        Assert.Equal(second, await Engine.EnsureVolume(new VolumeSpec(volume, Gib, image, "qcow2", null, Content: 1), Never));
        Assert.Equal([volume], await Engine.Volumes(Never));
        await Engine.EnsureVolumeGone(volume, Never);
        Assert.Null(await Engine.LookVolume(volume, Never));
    }

    [Fact]
    public async Task a_volume_for_several_guests_is_a_bare_file_and_grows_too()
    {
        var (image, volume) = (await Stored(), Id.New());
        var made = await Engine.EnsureVolume(new VolumeSpec(volume, Gib, image, "qcow2", null, Raw: true), Never);
        Assert.Equal(("raw", Gib), (made.Format, made.SizeBytes));
        Assert.Equal(2 * Gib, (await Engine.EnsureVolume(new VolumeSpec(volume, 2 * Gib, image, "qcow2", null, Raw: true), Never)).SizeBytes);
        Assert.Equal([volume], await Engine.Volumes(Never));
    }

    [Fact]
    public async Task a_disk_is_flattened_into_one_file()
    {
        var server = Id.New();
        var root = await Engine.EnsureRoot(new RootSpec(server, 0, await Stored(), "qcow2", 0), Never);
        var copy = Engine.Scratch();
        await Engine.Flatten(root, copy, Never);
        Assert.Equal("QFI", System.Text.Encoding.ASCII.GetString(await File.ReadAllBytesAsync(copy), 0, 3));
    }

    protected static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA512.HashData(bytes));

    protected static async IAsyncEnumerable<ReadOnlyMemory<byte>> Parts(byte[] bytes)
    {
        foreach (var part in bytes.Chunk(10_000))
        {
            await Task.Yield();
            yield return part;
        }
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
