using System.Text.Json.Nodes;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Volume.Actions;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Uploads;

/// <summary>
/// Volume to image, in the format that was asked for: the host gives one flat qcow2 or the bare bytes.
/// </summary>
internal sealed class UploadActions(IImages images) : IVolumeActions
{
    private static readonly string[] NotCopied = ["image_id", "image_name", "disk_format", "container_format", "size", "min_disk", "min_ram", "checksum"];

    public IEnumerable<VolumeAction> All => [new("os-volume_upload_image", Upload)];

    private async Task<JsonObject?> Upload(Doing doing)
    {
        var body = doing.Needed;
        var name = body.Text("image_name", 1);
        var format = body.OneOf("disk_format", "raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "ploop") ?? "raw";
        if (format is not ("raw" or "qcow2")) throw CloudError.Invalid($"A volume can be copied into an image of the format raw or qcow2, not {format}.");
        if (body.OneOf("container_format", "bare", "ami", "ari", "aki", "ovf", "ova", "docker", "compressed") is { } container and not "bare")
            throw CloudError.Invalid($"A volume can be copied into an image of the container format bare, not {container}.");
        body.FlagOr("force");
        if (body.OneOf("visibility", "private", "shared", "public", "community") is { } visibility and not "private")
            throw CloudError.Invalid($"The image of a volume is made private; set its visibility to {visibility} when it is there.");
        if (body.FlagOr("protected") == true) throw CloudError.Invalid("The image of a volume is made unprotected; protect it when it is there.");
        doing.Must("copy it to an image", "available");
        var row = doing.Row;
        var properties = doing.Volume.ImageMetadata.Where(p => !NotCopied.Contains(p.Key)).ToDictionary();
        properties["min_disk"] = row.SizeGib.ToString();
        var image = await images.CreateQueued(doing.Tx, name, format, properties, doing.Call.Actor.ProjectId ?? row.ProjectId);
        doing.Db.Add(new UploadRow { VolumeId = row.Id, ImageId = image, CreatedAt = doing.Tx.Now });
        doing.Tx.Wake(UploadReconciler.Work, row.Id);
        return new JsonObject
        {
            ["os-volume_upload_image"] = new JsonObject
            {
                ["id"] = row.Id, ["status"] = "uploading", ["size"] = row.SizeGib, ["image_id"] = image, ["image_name"] = name, ["disk_format"] = format, ["container_format"] = "bare",
                ["display_description"] = row.Description, ["updated_at"] = Clock.Micros(row.UpdatedAt),
                ["volume_type"] = new JsonObject { ["id"] = row.TypeId, ["name"] = doing.Volume.TypeName },
            },
        };
    }
}
