using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.Ledger;
using Xiangyun.Engines.Disks;
using Xiangyun.Engines.Guests;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Gets ready what a guest is made of: its image, root disk, config drive and volumes.</summary>
internal sealed class Material(Workplace at)
{
    private const long Gib = 1L << 30;

    /// <returns>The spec, or null and what is waited for.</returns>
    public async Task<(GuestSpec? Spec, string Missing)> Gather(ServerPlan want, CancellationToken ct)
    {
        var disks = new List<GuestDisk>();
        if (want.Root is { ImageId.Length: > 0 } root)
        {
            if (!at.Step(want, "image")) return (null, "image");
            if (!await at.Disks.HasWholeRoot(want.Id, want.RebuildCount, ct) && !await HasImage(Key.Server(want.Id), root.ImageId, root.ImageSha512, ct)) return (null, "image");
            if (!at.Step(want, "disk")) return (null, "disk");
            var file = await at.Disks.EnsureRoot(new RootSpec(want.Id, want.RebuildCount, root.ImageId, root.ImageFormat, root.SizeGib * Gib), ct);
            disks.Add(new GuestDisk(DiskRole.Root, want.Id, file.File, "vda", file.Format, 0, false));
        }
        foreach (var disk in want.Disks.OrderBy(d => d.BootIndex < 0).ThenBy(d => d.BootIndex).ThenBy(d => d.Device))
        {
            if (!at.Step(want, "volume")) return (null, "volume");
            if (await at.Disks.LookVolume(disk.VolumeId, ct) is not { } file || file.Content < disk.Content) return (null, "volume");
            disks.Add(new GuestDisk(DiskRole.Volume, disk.VolumeId, file.File, disk.Device, file.Format, want.Root is null ? disk.BootIndex : -1, disk.ReadOnly) { Shared = disk.Shared });
        }
        if (want.Rescue is { ImageId.Length: > 0 } rescue)
        {
            if (!at.Step(want, "image")) return (null, "image");
            if (!await HasImage(Key.Server(want.Id), rescue.ImageId, rescue.ImageSha512, ct)) return (null, "image");
            if (!at.Step(want, "rescue")) return (null, "rescue");
            var file = await at.Disks.EnsureRescue(new RootSpec(want.Id, 0, rescue.ImageId, rescue.ImageFormat, 0), ct);
            disks = [RescueDisk.Of(want, file), .. disks.Select(d => d with { BootIndex = -1 })];
        }
        else await at.Disks.EnsureRescueGone(want.Id, ct);
        if (!want.ConfigDrive.IsEmpty)
        {
            var file = await at.Disks.EnsureConfigDrive(want.Id, want.ConfigDrive.Memory, ct);
            disks.Add(new GuestDisk(DiskRole.ConfigDrive, want.Id, file.File, "vdz", file.Format, -1, true));
        }
        return (new GuestSpec
        {
            Id = want.Id,
            Name = want.Name,
            Vcpus = want.Vcpus,
            MemoryMib = want.MemoryMib,
            Disks = disks,
            Nics = [.. want.Nics.Select(n => new GuestNic(n.PortId, n.Mac, n.Mtu))],
            Hints = at.Simulated && want.FaultInjection.Length > 0 ? new Dictionary<string, string>(want.ImageProperties) { [GuestSpec.Simulate] = want.FaultInjection } : want.ImageProperties.ToDictionary(),
        }, "");
    }

    /// <summary>false: it was asked for, and storing it pokes the key.</summary>
    public async Task<bool> HasImage(Key key, string imageId, string sha512, CancellationToken ct)
    {
        var has = await at.Disks.HasImage(imageId, ct);
        at.Board.Waits(key, has ? null : new MissingImage { ImageId = imageId, Sha512 = sha512 });
        return has || await at.Disks.HasImage(imageId, ct);
    }

    /// <summary>A running guest learns that its root disk has grown.</summary>
    public async Task Grow(ServerPlan want, GuestSpec spec, CancellationToken ct)
    {
        if (want.Root is not { SizeGib: > 0 } root || spec.Disks.FirstOrDefault(d => d.Role == DiskRole.Root) is not { } disk) return;
        if (await at.Guests.Look(want.Id, ct) is { Power: GuestPower.Running or GuestPower.Paused }) await at.Guests.Grow(want.Id, disk.File, root.SizeGib * Gib, ct);
    }
}
