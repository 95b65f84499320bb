using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Operations;
using Xiangyun.Volume.Public;

namespace Xiangyun.Volume.Volumes;

/// <summary>
/// New content for a volume that exists: its number of contents rises, and the host makes the file of that number beside the
/// old one before that goes. So a volume has one content or the other, never half of each.
/// </summary>
internal static class Refill
{
    private const long Gib = 1L << 30;

    public static async Task OfImage(Tx tx, VolumeRow row, ImageView image, IReadOnlyDictionary<string, string> imageMetadata, string kind = VolumeActionRow.Reimage)
    {
        if (image.Status != "active") throw CloudError.Invalid($"Image {image.Id} is not active: its status is {image.Status}.");
        if (image.DiskFormat is not ("qcow2" or "raw")) throw CloudError.Invalid($"Image {image.Id} has the disk format {image.DiskFormat}; a volume can be made of qcow2 and raw images.");
        if (Math.Max(image.VirtualSize, image.Size) > row.SizeGib * Gib || image.MinDiskGib > row.SizeGib)
            throw CloudError.Invalid($"Invalid volume: image {image.Id} needs {Math.Max((Math.Max(image.VirtualSize, image.Size) + Gib - 1) / Gib, image.MinDiskGib)} GiB, and volume {row.Id} has {row.SizeGib} GiB.");
        await Anew(tx, row, kind, s => s.SetProperty(v => v.ImageId, image.Id).SetProperty(v => v.ImageSha512, image.Sha512).SetProperty(v => v.ImageFormat, image.DiskFormat).SetProperty(v => v.RefillFrom, (string?)null));
        await MetadataApi.Replace(tx, row.Id, MetadataRow.Image, imageMetadata);
    }

    public static async Task OfSnapshot(Tx tx, VolumeRow row, VolumeRow snapshot) => await Anew(tx, row, VolumeActionRow.Revert, s => s.SetProperty(v => v.RefillFrom, snapshot.Id));

    private static async Task Anew(Tx tx, VolumeRow row, string kind, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<VolumeRow>> source)
    {
        await tx.Db<VolumeDb>().Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s =>
        {
            source(s);
            s.SetProperty(v => v.Content, v => v.Content + 1).SetProperty(v => v.Generation, v => v.Generation + 1).SetProperty(v => v.UpdatedAt, tx.Now)
                .SetProperty(v => v.Fault, (string?)null).SetProperty(v => v.ResetStatus, (string?)null);
        });
        await VolumeActionRow.Begin(tx, row, kind);
        tx.Wake(FleetWork.Host, row.HostId);
        tx.Changed(IVolumes.VolumeChanged, row.Id);
    }
}
