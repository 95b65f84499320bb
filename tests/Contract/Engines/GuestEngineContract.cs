using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;

namespace Xiangyun.Contract.Engines;

/// <summary>What every guest engine promises; asked of the simulated one and of libvirt in the same words.</summary>
public abstract class GuestEngineContract
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public abstract IGuestEngine Engine { get; }

    /// <summary>A disk that exists, of 64 MiB.</summary>
    protected abstract Task<string> Disk(string name);

    protected async Task<GuestSpec> Spec(string? id = null) => new()
    {
        Id = id ??= Id.New(),
        Name = "<web> & \"more\" 云",
        Vcpus = 1,
        MemoryMib = 64,
        Disks = [new GuestDisk(DiskRole.Root, id, await Disk(id), "vda", "qcow2", 0, false)],
        Nics = [new GuestNic(Id.New(), "52:54:00:12:34:56", 1400)],
    };

    [Fact]
    public async Task a_guest_that_was_never_made_is_not_seen_and_can_be_removed()
    {
        var id = Id.New();
        Assert.Null(await Engine.Look(id, Never));
        await Engine.EnsureGone(id, Never);
        Assert.DoesNotContain(id, await Engine.List(Never));
    }

    [Fact]
    public async Task every_verb_may_be_called_twice()
    {
        var spec = await Spec();
        await Twice(() => Engine.Ensure(spec, Never));
        Assert.Equal(GuestPower.Stopped, await Power(spec.Id));
        Assert.Contains(spec.Id, await Engine.List(Never));
        await Twice(() => Engine.EnsureRunning(spec.Id, Never));
        Assert.Equal(GuestPower.Running, await Power(spec.Id));
        await Twice(() => Engine.EnsurePaused(spec.Id, Never));
        Assert.Equal(GuestPower.Paused, await Power(spec.Id));
        await Twice(() => Engine.EnsureRunning(spec.Id, Never));
        Assert.Equal(GuestPower.Running, await Power(spec.Id));
        await Twice(() => Engine.EnsureSuspended(spec.Id, Never));
        Assert.Equal(GuestPower.Suspended, await Power(spec.Id));
        await Twice(() => Engine.EnsureRunning(spec.Id, Never));
        Assert.Equal(GuestPower.Running, await Power(spec.Id));
        await Twice(() => Engine.EnsureStopped(spec.Id, Never));
        Assert.Equal((GuestPower.Stopped, StopCause.Asked), (await Power(spec.Id), (await Engine.Look(spec.Id, Never))!.Cause));
        await Twice(() => Engine.EnsureGone(spec.Id, Never));
        Assert.Null(await Engine.Look(spec.Id, Never));
    }

    [Fact]
    public async Task a_running_guest_tells_what_it_has_used_and_a_stopped_one_does_not()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        Assert.DoesNotContain(await Engine.Use(Never), u => u.Id == spec.Id);
        await Engine.EnsureRunning(spec.Id, Never);
        var first = (await Engine.Use(Never)).Single(u => u.Id == spec.Id);
        Assert.Equal((1, 64L), (first.Vcpus, first.MemoryMib));
        await Task.Delay(1500, Never);
        var second = (await Engine.Use(Never)).Single(u => u.Id == spec.Id);
        Assert.True(second.CpuMs > first.CpuMs, $"{first.CpuMs} ms, then {second.CpuMs} ms");
        Assert.True(second.ResidentMib > 0);
        Assert.True(second.DiskReadBytes >= first.DiskReadBytes && second.NetInBytes >= first.NetInBytes);
        await Engine.EnsureGone(spec.Id, Never);
        Assert.DoesNotContain(await Engine.Use(Never), u => u.Id == spec.Id);
    }

    [Fact]
    public async Task a_stopped_saved_guest_drops_its_saved_state()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        await Engine.EnsureRunning(spec.Id, Never);
        await Engine.EnsureSuspended(spec.Id, Never);
        await Engine.EnsureStopped(spec.Id, Never);
        Assert.Equal(GuestPower.Stopped, await Power(spec.Id));
        await Engine.EnsureGone(spec.Id, Never);
    }

    [Fact]
    public async Task a_running_and_a_saved_guest_can_be_removed_at_once()
    {
        foreach (var saved in new[] { false, true })
        {
            var spec = await Spec();
            await Engine.Ensure(spec, Never);
            await Engine.EnsureRunning(spec.Id, Never);
            if (saved) await Engine.EnsureSuspended(spec.Id, Never);
            await Engine.EnsureGone(spec.Id, Never);
            Assert.DoesNotContain(spec.Id, await Engine.List(Never));
        }
    }

    [Fact]
    public async Task a_volume_and_a_nic_are_plugged_into_a_running_guest()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        await Engine.EnsureRunning(spec.Id, Never);
        var volume = Id.New();
        var more = spec with
        {
            Disks = [.. spec.Disks, new GuestDisk(DiskRole.Volume, volume, await Disk(volume), "vdb", "qcow2", -1, false)],
            Nics = [.. spec.Nics, new GuestNic(Id.New(), "52:54:00:12:34:57", 1400)],
        };
        await Twice(() => Engine.Ensure(more, Never));
        var seen = await Engine.Look(spec.Id, Never);
        Assert.Equal([volume], seen!.VolumeIds);
        Assert.Equal(more.Nics.Select(n => n.PortId).Order(), seen.PortIds.Order());
        await Engine.EnsureStopped(spec.Id, Never);
        Assert.Equal([volume], (await Engine.Look(spec.Id, Never))!.VolumeIds);
        Assert.True(await Engine.Ensure(spec, Never));
        Assert.Empty((await Engine.Look(spec.Id, Never))!.VolumeIds);
        await Engine.EnsureGone(spec.Id, Never);
    }

    [Fact]
    public async Task verbs_on_a_guest_that_does_not_exist_are_faults()
    {
        var id = Id.New();
        await Assert.ThrowsAsync<EngineFault>(() => Engine.EnsureRunning(id, Never));
        await Assert.ThrowsAsync<EngineFault>(() => Engine.EnsureStopped(id, Never));
        await Assert.ThrowsAsync<EngineFault>(() => Engine.AskToStop(id, Never));
    }

    [Fact]
    public async Task a_change_is_told()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        var told = new TaskCompletionSource();
        void Hear(string id)
        {
            if (id == spec.Id) told.TrySetResult();
        }
        Engine.Changed += Hear;
        await Engine.EnsureRunning(spec.Id, Never);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Engine.Changed -= Hear;
        await Engine.EnsureGone(spec.Id, Never);
    }

    [Fact]
    public async Task a_running_guest_has_a_screen_and_a_stopped_one_has_none()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        await Assert.ThrowsAsync<CloudError>(() => Engine.Console(spec.Id, ConsoleKind.Vnc, Never));
        await Engine.EnsureRunning(spec.Id, Never);
        await using var screen = await Engine.Console(spec.Id, ConsoleKind.Vnc, Never);
        var greeting = new byte[12];
        await screen.ReadExactlyAsync(greeting);
        Assert.Equal("RFB 003.008\n", System.Text.Encoding.ASCII.GetString(greeting));
        await Engine.EnsureGone(spec.Id, Never);
    }

    [Fact]
    public async Task a_running_guests_disk_is_copied_as_a_flat_qcow2()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        await Engine.EnsureRunning(spec.Id, Never);
        var copy = Path.Combine(Directory.CreateTempSubdirectory("xy-").FullName, "copy.qcow2");
        await Engine.Copy(spec.Id, spec.Disks[0].File, copy, Never);
        Assert.Equal("QFI", System.Text.Encoding.ASCII.GetString(await File.ReadAllBytesAsync(copy), 0, 3));
        await Engine.Grow(spec.Id, spec.Disks[0].File, 128L << 20, Never);
        await Engine.EnsureGone(spec.Id, Never);
        Directory.Delete(Path.GetDirectoryName(copy)!, true);
    }

    [Theory]
    [InlineData("virtio", "vdy", false)]
    [InlineData("usb", "sdy", false)]
    [InlineData("scsi", "sdy", false)]
    [InlineData("ide", "hdd", true)]
    public async Task a_guest_boots_from_a_rescue_disk_on_any_bus_with_its_own_disks_beside_it(string bus, string device, bool cdrom)
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        var rescue = new GuestDisk(DiskRole.Rescue, spec.Id, await Disk(Id.New()), device, "qcow2", 0, false) { Bus = bus, Cdrom = cdrom };
        await Engine.Ensure(spec with { Disks = [rescue, .. spec.Disks.Select(d => d with { BootIndex = -1 })] }, Never);
        await Engine.EnsureRunning(spec.Id, Never);
        Assert.Equal(GuestPower.Running, await Power(spec.Id));
        await Engine.EnsureStopped(spec.Id, Never);
        await Engine.Ensure(spec, Never);
        await Engine.EnsureRunning(spec.Id, Never);
        await Engine.EnsureGone(spec.Id, Never);
    }

    [Fact]
    public async Task a_running_guest_takes_an_interrupt_and_a_password_only_through_an_agent_inside()
    {
        var spec = await Spec();
        await Engine.Ensure(spec, Never);
        await Assert.ThrowsAsync<EngineFault>(() => Engine.Interrupt(spec.Id, Never));
        await Engine.EnsureRunning(spec.Id, Never);
        await Engine.Interrupt(spec.Id, Never);
        await Assert.ThrowsAsync<EngineFault>(() => Engine.SetPassword(spec.Id, "root", "secret", Never));
        await Engine.EnsureGone(spec.Id, Never);
    }

    private async Task<GuestPower?> Power(string id) => (await Engine.Look(id, Never))?.Power;

    private static async Task Twice(Func<Task> verb)
    {
        await verb();
        await verb();
    }
}
