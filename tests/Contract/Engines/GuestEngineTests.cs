using Xiangyun.Contract.Hosts;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Engines.Libvirt;
using Xiangyun.Engines.QemuImg;
using Xiangyun.Engines.Simulated;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Engines;

public sealed class SimulatedGuestsTests : GuestEngineContract
{
    public override IGuestEngine Engine { get; } = new SimulatedGuests(TimeProvider.System);

    protected override Task<string> Disk(string name) => Task.FromResult("simulated:" + name);
}

/// <summary>The contract on a real libvirtd with QEMU under TCG, and what only a real one can show.</summary>
[Collection(nameof(EngineHost))]
public sealed class LibvirtGuestsTests : GuestEngineContract, IAsyncDisposable
{
    private readonly EngineHost _host;
    private readonly QemuImgDisks _disks;
    private readonly LibvirtGuests _engine;

    public LibvirtGuestsTests(EngineHost host)
    {
        EngineHost.Need();
        _host = host;
        var state = Directory.CreateDirectory(Path.Combine(host.Directory, Id.New()[24..])).FullName;
        _disks = new QemuImgDisks(state);
        _engine = new LibvirtGuests(host.Libvirt, new DomainOptions("x86_64", Kvm: false, Offload: false, Path.Combine(state, "run")));
    }

    public override IGuestEngine Engine => _engine;

    protected override async Task<string> Disk(string name) => (await _disks.EnsureVolume(new VolumeSpec(name, 64L << 20, null, null, null), default)).File;

    [Fact]
    public async Task a_killed_qemu_is_seen_as_a_crash()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, default);
        await Engine.EnsureRunning(spec.Id, default);
        var (code, _) = await _host.Inside("sh", "-c", $"kill -9 $(cat /run/libvirt/qemu/xy-{spec.Id}.pid)");
        Assert.Equal(0, code);
        await Agents.Wait.Until(async () => await Engine.Look(spec.Id, default) is { Power: GuestPower.Stopped, Cause: StopCause.Crash }, "the crash is seen");
        await Engine.EnsureGone(spec.Id, default);
    }

    [Fact]
    public async Task a_killed_libvirtd_is_met_again_with_its_guests_running()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, default);
        await Engine.EnsureRunning(spec.Id, default);
        var back = new TaskCompletionSource();
        Engine.Changed += id => { if (id.Length == 0) back.TrySetResult(); };
        await _host.Inside("sh", "-c", "kill -9 $(cat /run/libvirt/libvirtd.pid)");
        await back.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Agents.Wait.Until(async () => await Engine.Look(spec.Id, default) is { Power: GuestPower.Running }, "the guest is seen running");
        await Engine.EnsureGone(spec.Id, default);
    }

    [Fact]
    public async Task two_guests_that_always_compute_on_one_processor_tell_that_each_waits_for_the_other()
    {
        var guests = new List<GuestSpec>();
        for (var i = 0; i < 2; i++)
        {
            var spec = await Spec();
            var sector = new byte[1 << 20];
            (sector[0], sector[1], sector[510], sector[511]) = (0xEB, 0xFE, 0x55, 0xAA); // a boot sector that jumps to itself for ever
            await File.WriteAllBytesAsync(spec.Disks[0].File, sector);
            guests.Add(spec with { Disks = [spec.Disks[0] with { Format = "raw" }] });
            await Engine.Ensure(guests[i], default);
            await Engine.EnsureRunning(spec.Id, default);
            Assert.Equal(0, (await _host.Inside("sh", "-c", $"taskset -a -c -p 0 $(cat /run/libvirt/qemu/xy-{spec.Id}.pid)")).Item1);
        }
        var sampler = new Xiangyun.Agent.Watching.Sampler(Engine, TimeProvider.System, TimeSpan.FromSeconds(2));
        await Agents.Wait.Until(async () =>
        {
            var seen = (await sampler.Newest(default)).Guests.Where(g => guests.Exists(s => s.Id == g.Id)).ToList();
            return seen.Count == 2 && seen.TrueForAll(g => g is { HasCpuWait: true, CpuWait: > 0.25f, CpuBusy: < 0.75f });
        }, "both samples tell that the guest waits for more than a quarter of its processor");
        foreach (var guest in guests) await Engine.EnsureGone(guest.Id, default);
    }

    [Fact]
    public async Task two_running_guests_have_one_shared_disk_open_and_one_of_them_gets_it_while_it_runs()
    {
        var volume = await _disks.EnsureVolume(new VolumeSpec(Id.New(), 64L << 20, null, null, null, Raw: true), default);
        var shared = new GuestDisk(DiskRole.Volume, Id.New(), volume.File, "vdb", volume.Format, -1, false) { Shared = true };
        var (first, second) = (await Spec(), await Spec());
        await Engine.Ensure(first with { Disks = [.. first.Disks, shared] }, default);
        await Engine.EnsureRunning(first.Id, default);
        await Engine.Ensure(second, default);
        await Engine.EnsureRunning(second.Id, default);
        await Engine.Ensure(second with { Disks = [.. second.Disks, shared] }, default);
        foreach (var guest in new[] { first, second }) await Agents.Wait.Until(async () => (await Engine.Look(guest.Id, default))!.VolumeIds.Contains(shared.Id), "the guest has the disk");
        foreach (var guest in new[] { first, second }) await Engine.EnsureGone(guest.Id, default);
    }

    [Fact]
    public async Task a_definition_that_libvirt_cannot_take_is_a_lasting_fault()
    {
        var spec = await Spec();
        var fault = await Assert.ThrowsAsync<EngineFault>(() => Engine.Ensure(spec with { Nics = [new GuestNic("no uuid", "52:54:00:12:34:56", 0)] }, default));
        Assert.Equal(("libvirt", "define", false), (fault.Engine, fault.Verb, fault.Transient));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
