using Xiangyun.Compute.Attachments;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>What a new server boots from: an image whose disk is its own, or a volume.</summary>
/// <param name="Image">null = it boots from a volume.</param>
/// <param name="Properties">hw_* and architecture: of the image, or of the image that the volume was made of.</param>
/// <param name="OnlyHostId">A volume that is a file on this host ties the server to it.</param>
internal sealed record BootDisk(ImageView? Image, IReadOnlyDictionary<string, string> Properties, string? OnlyHostId);

internal sealed class BootDisks(IVolumes volumes, IImages images, IHosts hosts)
{
    public async Task<BootDisk> Check(Query q, Actor actor, ServerRequest r)
    {
        var boot = r.Devices.FirstOrDefault(d => d.BootIndex == 0);
        if (r.Devices.Any(d => d.Local && d != boot)) throw CloudError.Invalid("Block Device Mapping is Invalid: only the image that the server boots from can be a local disk.");
        if (r.Max > 1 && r.Devices.Any(d => d.Source == "volume" && !d.DeleteOnTermination || d.Source == "volume")) throw CloudError.Invalid("Cannot attach one or more volumes to multiple instances");
        if (boot is { Local: true } && r.ImageId is not null && boot.SourceId != r.ImageId || r.ImageId is null && boot is null) throw BlockDevice.BadBoot();
        var only = await HostOf(q, actor, r);
        if (boot is null or { Local: true })
        {
            var image = await Active(q, actor, r.ImageId ?? boot!.SourceId!);
            return new BootDisk(image, image.Properties, only);
        }
        if (r.ImageId is not null) return new BootDisk(null, (await Active(q, actor, r.ImageId)).Properties, only); // the image only says what the guest needs
        if (boot.Source == "blank") throw CloudError.Invalid("Block Device is not bootable: a blank volume has nothing to boot from.");
        if (boot.Source == "image") return new BootDisk(null, (await Active(q, actor, boot.SourceId!)).Properties, only);
        return new BootDisk(null, boot.Source == "volume" ? (await volumes.Find(q, actor, boot.SourceId!))!.ImageProperties : new Dictionary<string, string>(), only);
    }

    private async Task<ImageView> Active(Query q, Actor actor, string id)
    {
        var image = await images.Find(q, actor, id) ?? throw CloudError.Invalid($"Image {id} could not be found.");
        return image.Status == "active" ? image : throw CloudError.Invalid($"Image {image.Id} is not active but {image.Status}.");
    }

    private async Task<string?> HostOf(Query q, Actor actor, ServerRequest r)
    {
        var found = new HashSet<string>();
        foreach (var device in r.Devices.Where(d => d.Source == "volume"))
        {
            var volume = await volumes.Find(q, actor, device.SourceId!) ?? throw CloudError.Invalid($"Block Device Mapping is Invalid: failed to get volume {device.SourceId}.");
            if (device.BootIndex == 0 && !volume.Bootable) throw CloudError.Invalid($"Block Device {volume.Id} is not bootable.");
            if (volume.HostId is { } id && await hosts.Find(q, id) is { Simulated: false }) found.Add(id);
        }
        return found.Count <= 1 ? found.FirstOrDefault() : throw CloudError.Invalid("Block Device Mapping is Invalid: the volumes are files on different hosts, so no server can have them all.");
    }

    /// <summary>Makes the volumes that are to be made, on the server's host, and attaches all; the host waits for them before it starts the server.</summary>
    public async Task Attach(Tx tx, Actor actor, ServerRow server, IReadOnlyList<BlockDevice> devices)
    {
        foreach (var d in devices.Where(d => !d.Local).OrderBy(d => d.BootIndex < 0).ThenBy(d => d.BootIndex))
        {
            var volume = d.Source == "volume" ? d.SourceId!
                : (await volumes.Create(tx, actor, "", d.SizeGib ?? 0, d.Source == "image" ? d.SourceId : null, null, server.HostId, d.Source == "snapshot" ? d.SourceId : null, d.VolumeType)).Id;
            await volumes.Attach(tx, actor, volume, server.Id, d.Device, d.BootIndex, d.DeleteOnTermination, server.HostId, beingMade: d.Source != "volume");
            if (d.Tag is not null) tx.Db<ComputeDb>().Add(new DeviceTagRow { ServerId = server.Id, Kind = DeviceTagRow.Volume, DeviceId = volume, Tag = d.Tag });
        }
    }
}
