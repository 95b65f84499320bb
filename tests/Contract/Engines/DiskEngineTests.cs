using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Process;
using Xiangyun.Engines.QemuImg;
using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Engines;

public sealed class SimulatedDisksTests : DiskEngineContract
{
    private IDiskEngine? _engine;

    public override IDiskEngine Engine => _engine ??= new SimulatedDisks(everyImage: false, Path.Combine(Directory, "scratch"));

    protected override Task<byte[]> Image() => Task.FromResult(new byte[100_000]);
}

/// <summary>The contract on real files, and what uploaded images must not do.</summary>
public sealed class QemuImgDisksTests : DiskEngineContract
{
    private IDiskEngine? _engine;

    public QemuImgDisksTests()
    {
        if (File.Exists("/usr/bin/qemu-img")) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("qemu-img is not installed");
        Assert.Skip("qemu-img is not installed");
    }

    public override IDiskEngine Engine => _engine ??= new QemuImgDisks(Path.Combine(Directory, "state"));

    protected override Task<byte[]> Image() => Made("create", "-f", "qcow2", "image", "1G");

    [Fact]
    public async Task an_image_that_points_to_a_file_of_the_host_is_refused()
    {
        await Refused("backing file", await Made("create", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw", "image", "1G"));
        await Refused("external data file", await Made("create", "-f", "qcow2", "-o", "data_file=/dev/null,data_file_raw=on", "image", "0"));
        await Refused("not a qcow2", new byte[4096]);
    }

    [Fact]
    public async Task a_raw_image_that_looks_like_qcow2_stays_raw()
    {
        var bytes = await Made("create", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw", "image", "1G");
        var id = Id.New();
        await Engine.StoreImage(new ImageSpec(id, Sum(bytes), "raw", bytes.Length), Parts(bytes), default);
        var root = await Engine.EnsureRoot(new RootSpec(Id.New(), 0, id, "raw", 0), default);
        var info = await Run.Output("test", "info", "qemu-img", ["info", "--output=json", root.File], default);
        Assert.Contains("\"backing-filename-format\": \"raw\"", info);
    }

    [Fact]
    public async Task what_a_killed_agent_was_making_is_removed_at_the_next_start()
    {
        await Stored();
        var left = Path.Combine(Directory, "state", "volumes", Id.New() + ".qcow2.7.part");
        await File.WriteAllTextAsync(left, "half");
        _ = new QemuImgDisks(Path.Combine(Directory, "state"));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task an_id_that_is_a_path_is_refused()
    {
        await Assert.ThrowsAsync<EngineFault>(() => Engine.EnsureVolume(new VolumeSpec("../x", 1, null, null, null), default));
    }

    private async Task Refused(string why, byte[] bytes)
    {
        var id = Id.New();
        var refusal = await Assert.ThrowsAsync<CloudError>(() => Engine.StoreImage(new ImageSpec(id, Sum(bytes), "qcow2", bytes.Length), Parts(bytes), default));
        Assert.Contains(why, refusal.Message);
        Assert.False(await Engine.HasImage(id, default));
    }

    private async Task<byte[]> Made(params string[] arguments)
    {
        var file = Path.Combine(Directory, "image");
        File.Delete(file);
        await Run.Output("test", "make", "qemu-img", [.. arguments.Select(a => a == "image" ? file : a)], default);
        return await File.ReadAllBytesAsync(file);
    }
}
