using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Attachments;

/// <summary>The face that Compute sees. Each call is inside Compute's own transaction, so both services always agree.</summary>
internal sealed class VolumesFace(VolumeMaker maker, Rebinding rebinding, IAttached attached, IImages images, TimeProvider clock) : IVolumes
{
    public async Task<VolumeView?> Find(Query q, Actor actor, string volumeId) =>
        await VolumeStore.Find(q, actor, volumeId) is { } volume ? View(volume, clock.Ms()) : null;

    public async Task<VolumeView> Create(Tx tx, Actor actor, string name, int sizeGib, string? imageId, string? sourceVolumeId, string? onlyHostId = null, string? snapshotId = null, string? volumeType = null)
    {
        var project = actor.ProjectId ?? throw CloudError.Invalid("Volumes belong to a project: use a token with a project scope.");
        var row = await maker.Make(tx, actor, new NewVolume { ProjectId = project, Name = name, Size = sizeGib == 0 ? null : sizeGib, Type = volumeType, SnapshotId = snapshotId, ImageId = imageId, SourceId = sourceVolumeId, OnlyHost = onlyHostId });
        return View((await VolumeStore.Full(tx, [row]))[0], tx.Now);
    }

    public async Task<AttachmentView> Attach(Tx tx, Actor actor, string volumeId, string serverId, string? device, int bootIndex = -1, bool deleteOnTermination = false, string? serverHostId = null, bool beingMade = false)
    {
        var volume = await VolumeStore.Find(tx, actor, volumeId) ?? throw CloudError.NotFound($"Volume {volumeId} could not be found.");
        await AttachRules.Check(tx, volume, serverId, bootIndex, beingMade);
        if (serverHostId is not null) await rebinding.Reach(tx, volume, serverHostId);
        var taken = await tx.Db<VolumeDb>().Attachments.Where(a => a.ServerId == serverId).Select(a => a.Device).ToListAsync();
        var row = new AttachmentRow
        {
            Id = Id.New(), VolumeId = volume.Row.Id, ServerId = serverId, Device = AttachRules.Device(device, bootIndex, taken), BootIndex = bootIndex,
            DeleteOnTermination = deleteOnTermination, Wanted = true, Parked = serverHostId is null, CreatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.VolumeId).ExecuteUpdateAsync(s => s.SetProperty(v => v.AttachedOnce, true).SetProperty(v => v.Held, (string?)null).SetProperty(v => v.UpdatedAt, tx.Now));
        await tx.Save();
        tx.Audit("volume.attach", "volume", row.VolumeId, volume.Row.ProjectId, new { server = serverId, device = row.Device });
        tx.Changed(IVolumes.VolumeChanged, row.VolumeId);
        return Attached.View(row);
    }

    public async Task Reimage(Tx tx, Actor actor, string volumeId, string imageId)
    {
        var volume = await VolumeStore.Find(tx, actor, volumeId) ?? throw CloudError.NotFound($"Volume {volumeId} could not be found.");
        if (volume.Attachments.Count > 1) throw CloudError.Invalid($"Invalid volume: Volume {volumeId} is attached to {volume.Attachments.Count} servers; filling it anew would take it from all of them.");
        var image = await images.Find(tx, actor, imageId) ?? throw CloudError.Invalid($"Image {imageId} could not be found.");
        await Refill.OfImage(tx, volume.Row, image, VolumeMaker.OfImage(image));
        tx.Audit("volume.reimage", "volume", volumeId, volume.Row.ProjectId, new { image = imageId });
    }

    public async Task Keep(Tx tx, string volumeId, string serverId, bool deleteOnTermination) =>
        await tx.Db<VolumeDb>().Attachments.Where(a => a.VolumeId == volumeId && a.ServerId == serverId && !a.ByHand).ExecuteUpdateAsync(s => s.SetProperty(a => a.DeleteOnTermination, deleteOnTermination));

    public async Task Park(Tx tx, string serverId)
    {
        var rows = tx.Db<VolumeDb>().Attachments.Where(a => a.ServerId == serverId && !a.ByHand);
        foreach (var id in await rows.Select(a => a.VolumeId).ToListAsync()) tx.Changed(IVolumes.VolumeChanged, id);
        await rows.Where(a => !a.Wanted).ExecuteDeleteAsync();
        await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.Parked, true).SetProperty(a => a.Seen, false));
    }

    public async Task Detach(Tx tx, string volumeId, string serverId)
    {
        var rows = tx.Db<VolumeDb>().Attachments.Where(a => a.VolumeId == volumeId && a.ServerId == serverId && !a.ByHand);
        var changed = await rows.Where(a => a.Parked && !a.Seen).ExecuteDeleteAsync(); // no host has to let go of it
        if (changed == 0) changed = await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.Wanted, false));
        if (changed == 0) throw CloudError.NotFound($"Volume {volumeId} is not attached to server {serverId}.");
        tx.Audit("volume.detach", "volume", volumeId, null, new { server = serverId });
        tx.Changed(IVolumes.VolumeChanged, volumeId);
    }

    public async Task ServerGone(Tx tx, string serverId)
    {
        var db = tx.Db<VolumeDb>();
        foreach (var row in await db.Attachments.Where(a => a.ServerId == serverId).ToListAsync())
        {
            await db.Attachments.Where(a => a.Id == row.Id).ExecuteDeleteAsync();
            if (row.DeleteOnTermination && await db.Volumes.SingleOrDefaultAsync(v => v.Id == row.VolumeId) is { } volume)
            {
                await VolumeStore.Doom(tx, volume);
                tx.Audit("volume.delete", "volume", volume.Id, volume.ProjectId, new { because = $"server {serverId} was deleted" });
            }
            tx.Changed(IVolumes.VolumeChanged, row.VolumeId);
        }
    }

    public async Task Seen(Tx tx, string serverId, IReadOnlyCollection<string> attachedVolumeIds)
    {
        var db = tx.Db<VolumeDb>();
        foreach (var row in await db.Attachments.Where(a => a.ServerId == serverId && !a.ByHand).ToListAsync())
        {
            var there = attachedVolumeIds.Contains(row.VolumeId);
            if (!row.Wanted && !there) await db.Attachments.Where(a => a.Id == row.Id).ExecuteDeleteAsync();
            else if (there != row.Seen) await db.Attachments.Where(a => a.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Seen, there).SetProperty(a => a.AttachedAt, a => a.AttachedAt ?? tx.Now));
            else continue;
            tx.Changed(IVolumes.VolumeChanged, row.VolumeId);
        }
    }

    public Task<ILookup<string, AttachmentView>> OfServers(Query q, IReadOnlyCollection<string> serverIds) => attached.OfServers(q, serverIds);

    private static VolumeView View(FullVolume volume, long now) => new()
    {
        Id = volume.Row.Id, Name = volume.Row.Name ?? "", ProjectId = volume.Row.ProjectId, Status = volume.Status(now), SizeGib = volume.Row.SizeGib,
        HostId = volume.Row.HostId, Bootable = volume.Row.Bootable, Multiattach = volume.Row.Multiattach, Content = volume.Row.Content, Shared = volume.Attachments.Count > 1, Fault = volume.Row.Fault, ImageProperties = volume.ImageMetadata,
    };
}
