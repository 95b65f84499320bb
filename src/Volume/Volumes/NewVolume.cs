using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Backups;
using Xiangyun.Volume.Groups;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Messages;
using Xiangyun.Volume.Operations;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Types;

namespace Xiangyun.Volume.Volumes;

/// <summary>What a client, or Compute for a server that boots from a volume, asks for.</summary>
internal sealed record NewVolume
{
    public required string ProjectId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    /// <summary>GiB; null = as large as the source volume.</summary>
    public int? Size { get; init; }
    public string? Type { get; init; }
    public string? Zone { get; init; }
    public string? ImageId { get; init; }
    public string? SourceId { get; init; }
    public string? SnapshotId { get; init; }
    /// <summary>Restored: its image is nobody's, and what the volume had is written in it.</summary>
    public BackupRow? Backup { get; init; }
    public string? OnlyHost { get; init; }
    /// <summary>Several servers may have it at once, whatever its type says.</summary>
    public bool Multiattach { get; init; }
    public string? GroupId { get; init; }
    /// <summary>A backup to make it of; <see cref="Backups.BackupStore"/> resolves it.</summary>
    public string? BackupId { get; init; }
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>Checks a wish, finds a host with room for it and writes the rows; all in the caller's transaction.</summary>
internal sealed class VolumeMaker(IImages images, IHosts hosts, IAllocations allocations)
{
    private const long Gib = 1024L * 1024 * 1024;

    public async Task<VolumeRow> Make(Tx tx, Actor actor, NewVolume wish)
    {
        var type = await TypeStore.Usable(tx, actor, wish.Type ?? await DefaultTypeApi.Of(tx, wish.ProjectId) ?? TypeRow.DefaultName);
        var specs = await TypeStore.Demands(tx, type.Id);
        if (wish.GroupId is { } group) await GroupStore.MustFit(tx, await GroupStore.Get(tx, actor, group), wish.ProjectId, type.Id);
        var image = wish.Backup is { } backup ? await images.Find(tx, backup.ImageId) ?? throw CloudError.Conflict($"The content of backup {backup.Id} is gone.")
            : wish.ImageId is null ? null : await Image(tx, actor, wish.ImageId);
        if (image is { Size: 0 } empty && TypeSpecs.SnapshotOf(empty) is { } shot && wish.SnapshotId is null) (wish, image) = (wish with { SnapshotId = shot, ImageId = null }, null);
        var source = wish.SnapshotId is { } snapshot ? Usable(tx, await SnapshotStore.Get(tx, actor, snapshot), "snapshot")
            : wish.SourceId is { } volume ? Usable(tx, await VolumeStore.Get(tx, actor, volume), "source volume") : null;
        if (wish.SnapshotId is not null && wish.SourceId is not null) throw CloudError.Invalid("A volume is made of a snapshot or of another volume, not of both.");
        if (image is not null && source is not null) throw CloudError.Invalid("A volume is made of an image or of another volume, not of both.");
        var size = wish.Size ?? source?.Row.SizeGib ?? throw CloudError.Invalid("The size of the volume is required, in GiB.");
        CheckSize(size, image, source);
        await VolumeQuotas.CheckNew(tx, wish.ProjectId, size);
        var id = Id.New();
        var all = await hosts.All(tx);
        var lacking = specs.Lacking(all);
        var host = lacking is null ? await Place(tx, actor, wish, id, size, source, all, specs) : null;
        var row = new VolumeRow
        {
            Id = id, ProjectId = wish.ProjectId, UserId = actor.UserId, Name = wish.Name, Description = wish.Description, SizeGib = size, TypeId = type.Id,
            Zone = host?.Zone ?? wish.Zone ?? "nova", Bootable = wish.Backup?.Bootable ?? (image is not null || source?.Row.Bootable == true), ImageId = image?.Id, ImageSha512 = image?.Sha512, ImageFormat = image?.DiskFormat,
            SourceVolumeId = source?.Row.Id, SnapshotId = source?.Row.SnapshotOf is null ? null : source.Row.Id, HostId = host?.Id ?? "", Generation = 1, GroupId = wish.GroupId, Multiattach = specs.Multiattach || wish.Multiattach,
            Fault = lacking, SeenGeneration = lacking is null ? 0 : 1, FaultSince = lacking is null ? 0 : tx.Now, CreatedAt = tx.Now, UpdatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        VolumeStore.AddPairs(tx, id, MetadataRow.User, wish.Metadata);
        VolumeStore.AddPairs(tx, id, MetadataRow.Image, wish.Backup is { } kept ? JsonSerializer.Deserialize<Dictionary<string, string>>(kept.ImageMetadata)! : image is not null ? OfImage(image) : source?.ImageMetadata ?? new Dictionary<string, string>());
        await VolumeActionRow.Begin(tx, row, wish.Backup is not null ? VolumeActionRow.Restore : image is not null ? VolumeActionRow.FromImage : source is not null ? VolumeActionRow.Copy : VolumeActionRow.Create);
        await tx.Save();
        if (lacking is not null) await MessageStore.Add(tx, wish.ProjectId, "VOLUME", id, "VOLUME_000002", lacking);
        if (host is not null) tx.Wake(FleetWork.Host, host.Id);
        tx.Audit("volume.create", "volume", id, wish.ProjectId, new { wish.Name, size, host = host?.Name, image = image?.Id, source = source?.Row.Id });
        return row;
    }

    private async Task<ImageView> Image(Query q, Actor actor, string id)
    {
        var image = await images.Find(q, actor, Id.Canonical(id) ?? id) ?? throw CloudError.Invalid($"Invalid image identifier or unable to access requested image: {id}.");
        if (image.Status != "active") throw CloudError.Invalid($"Image {id} is not active: its status is {image.Status}.");
        if (image.DiskFormat is not ("qcow2" or "raw")) throw CloudError.Invalid($"Image {id} has the disk format {image.DiskFormat}; a volume can be made of qcow2 and raw images.");
        return image;
    }

    /// <summary>A volume that a guest writes to is copied as it is at one moment.</summary>
    private static FullVolume Usable(Tx tx, FullVolume source, string what) => source.Status(tx.Now) is "available" or "in-use" ? source
        : throw CloudError.Invalid($"Invalid volume: the {what} {source.Row.Id} must be available or in-use to be copied, but its status is {source.Status(tx.Now)}.");

    private static void CheckSize(int size, ImageView? image, FullVolume? source)
    {
        if (source is not null && size < source.Row.SizeGib) throw CloudError.Invalid($"Volume size '{size}'GB cannot be smaller than original volume size {source.Row.SizeGib}GB. They must be >= original volume size.");
        if (image is null) return;
        var needed = (Math.Max(image.VirtualSize, image.Size) + Gib - 1) / Gib;
        if (size < needed) throw CloudError.Invalid($"Invalid input received: Size of specified image {needed}GB is larger than volume size {size}GB.");
        if (size < image.MinDiskGib) throw CloudError.Invalid($"Invalid input received: Volume size {size}GB cannot be smaller than the image minDisk size {image.MinDiskGib}GB.");
    }

    private async Task<HostView> Place(Tx tx, Actor actor, NewVolume wish, string id, int size, FullVolume? source, IReadOnlyList<HostView> all, TypeSpecs specs)
    {
        if (wish.Zone is { } zone && all.All(h => h.Zone != zone)) throw CloudError.Invalid($"Availability zone '{zone}' is invalid.");
        var only = source?.Row.HostId ?? wish.OnlyHost;
        var verdict = await allocations.Claim(tx, new Demand
        {
            ConsumerId = id, ProjectId = wish.ProjectId, UserId = actor.UserId, Zone = wish.Zone, Resources = new Dictionary<string, long> { ["DISK_GB"] = size },
            Only = only is not null ? new HashSet<string> { only } : specs.Zones is { } zones ? all.Where(h => zones.Contains(h.Zone)).Select(h => h.Id).ToHashSet() : null,
            OnlyBecause = source is not null ? "does not hold the source volume" : only is not null ? "is not the host of the server" : "is not in a zone of the volume type",
        });
        return all.First(h => h.Id == verdict.HostId);
    }

    public static Dictionary<string, string> OfImage(ImageView image)
    {
        var pairs = new Dictionary<string, string>(image.Properties)
        {
            ["image_id"] = image.Id, ["image_name"] = image.Name ?? "", ["disk_format"] = image.DiskFormat, ["container_format"] = "bare",
            ["size"] = image.Size.ToString(), ["min_disk"] = image.MinDiskGib.ToString(), ["min_ram"] = image.MinRamMib.ToString(),
        };
        return pairs;
    }
}
