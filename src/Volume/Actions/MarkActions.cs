using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Actions;

/// <summary>Flags, image metadata, and the words that stand above the computed status.</summary>
internal sealed class MarkActions : IVolumeActions
{
    private static readonly string[] Statuses =
    [
        "creating", "available", "deleting", "error", "error_deleting", "error_managing", "managing", "attaching", "in-use", "detaching", "maintenance", "restoring-backup",
        "error_restoring", "reserved", "awaiting-transfer", "backing-up", "error_backing-up", "error_extending", "downloading", "uploading", "retyping", "extending",
    ];

    public IEnumerable<VolumeAction> All =>
    [
        new("os-set_bootable", Bootable, Status: 200),
        new("os-update_readonly_flag", ReadOnly),
        new("os-reset_status", Reset, AdminOnly: true),
        new("os-force_delete", ForceDelete, AdminOnly: true),
        new("os-set_image_metadata", SetImage, Status: 200),
        new("os-unset_image_metadata", UnsetImage, Status: 200),
        new("os-show_image_metadata", d => Task.FromResult<JsonObject?>(new JsonObject { ["metadata"] = VolumeWire.Map(d.Volume.ImageMetadata) }), Status: 200),
    ];

    private static async Task<JsonObject?> Bootable(Doing doing)
    {
        var bootable = doing.Needed.FlagOr("bootable") ?? throw CloudError.Invalid("'bootable' is a required property.");
        await doing.Db.Volumes.Where(v => v.Id == doing.Row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.Bootable, bootable).SetProperty(v => v.UpdatedAt, doing.Tx.Now));
        return null;
    }

    private static async Task<JsonObject?> ReadOnly(Doing doing)
    {
        var flag = doing.Needed.FlagOr("readonly") ?? throw CloudError.Invalid("'readonly' is a required property.");
        doing.Must("update the read-only flag", "available");
        await doing.Db.Volumes.Where(v => v.Id == doing.Row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ReadOnly, flag).SetProperty(v => v.UpdatedAt, doing.Tx.Now));
        await MetadataApi.Replace(doing.Tx, doing.Row.Id, MetadataRow.User,
            MetadataApi.Merge(doing.Volume.Metadata, new Dictionary<string, string> { ["readonly"] = flag ? "True" : "False" }));
        return null;
    }

    /// <summary>A word that equals what is computed anyway needs no keeping: the status is free again.</summary>
    private static async Task<JsonObject?> Reset(Doing doing)
    {
        var status = doing.Needed.OneOf("status", Statuses);
        var attach = doing.Needed.OneOf("attach_status", "attached", "detached");
        var migration = doing.Needed.TextOr("migration_status");
        if (status is null && attach is null && migration is null) throw CloudError.Invalid("Must specify 'status', 'attach_status' or 'migration_status' for update.");
        var row = doing.Row;
        if (attach == "detached" || status == "available") await doing.Db.Attachments.Where(a => a.VolumeId == row.Id && a.ByHand).ExecuteDeleteAsync();
        if (status is not null)
        {
            await doing.Db.Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ResetStatus, (string?)null).SetProperty(v => v.Held, (string?)null).SetProperty(v => v.UpdatedAt, doing.Tx.Now));
            var natural = (await VolumeStore.Get(doing.Tx, Actor.System, row.Id)).Status(doing.Tx.Now);
            if (natural != status) await doing.Db.Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.ResetStatus, status));
        }
        doing.Tx.Changed(IVolumes.VolumeChanged, row.Id);
        return null;
    }

    private static async Task<JsonObject?> ForceDelete(Doing doing)
    {
        await VolumeDeletion.Delete(doing.Tx, doing.Call, doing.Row.Id, force: true);
        return null;
    }

    private static async Task<JsonObject?> SetImage(Doing doing)
    {
        var pairs = doing.Needed.MapOr("metadata", 65535) ?? throw CloudError.Invalid("'metadata' is a required property.");
        var all = MetadataApi.Merge(doing.Volume.ImageMetadata, pairs);
        await MetadataApi.Replace(doing.Tx, doing.Row.Id, MetadataRow.Image, all);
        return new JsonObject { ["metadata"] = VolumeWire.Map(all) };
    }

    private static async Task<JsonObject?> UnsetImage(Doing doing)
    {
        var key = doing.Needed.Text("key", 1);
        if (!doing.Volume.ImageMetadata.ContainsKey(key)) throw CloudError.NotFound($"Volume {doing.Row.Id} has no image metadata '{key}'.");
        await MetadataApi.Replace(doing.Tx, doing.Row.Id, MetadataRow.Image, doing.Volume.ImageMetadata.Where(p => p.Key != key).ToDictionary());
        return null;
    }
}
