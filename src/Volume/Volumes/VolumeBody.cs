using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Volumes;

/// <summary>Reads the bodies of create and update. Members that old clients always send and that mean nothing are let pass.</summary>
internal static class VolumeBody
{
    private static readonly string[] Ignored = ["user_id", "project_id", "status", "attach_status", "source_replica"];

    public static async Task<NewVolume> Create(Call call, string project)
    {
        var body = await call.Body();
        var volume = body.Object("volume");
        if (body.ObjectOr("OS-SCH-HNT:scheduler_hints") is { } hints && hints.Names.Any()) throw CloudError.Invalid("Scheduler hints are not supported for volumes.");
        body.Done();
        if (volume.TextOr("consistencygroup_id") is { } group) throw CloudError.NotFound($"ConsistencyGroup {group} could not be found.");
        if (!call.AtLeast(53)) foreach (var name in Ignored) volume.Raw(name);
        var wish = new NewVolume
        {
            ProjectId = project,
            Name = volume.TextOr("name") ?? volume.TextOr("display_name"), Description = volume.TextOr("description") ?? volume.TextOr("display_description"),
            Size = (int?)volume.NumberOr("size", 1, 65536), Type = volume.TextOr("volume_type", 1), Zone = volume.TextOr("availability_zone", 1),
            ImageId = Empty(volume.TextOr("imageRef")) ?? Empty(volume.TextOr("image_id")), SourceId = volume.TextOr("source_volid", 1), SnapshotId = Empty(volume.TextOr("snapshot_id")),
            Multiattach = volume.FlagOr("multiattach") ?? false, GroupId = Newer(call, volume, "group_id", 13), BackupId = Newer(call, volume, "backup_id", 47), Metadata = volume.MapOr("metadata") ?? [],
        };
        volume.TextOr("display_name");
        volume.TextOr("display_description");
        volume.TextOr("image_id");
        volume.Done();
        return wish;
    }

    /// <summary>Each part is null when it was not named.</summary>
    public sealed record Change(bool HasName, string? Name, bool HasDescription, string? Description, Dictionary<string, string>? Metadata);

    public static async Task<Change> Update(Call call, string what = "volume")
    {
        var volume = await call.Body(what);
        if (!volume.Names.Any()) throw CloudError.Invalid($"Invalid input for field/attribute {what}. Value: {{}}. It names nothing to change.");
        var name = volume.Has("name") || volume.Has("display_name");
        var description = volume.Has("description") || volume.Has("display_description");
        var change = new Change(name, volume.TextOr("name") ?? volume.TextOr("display_name"), description, volume.TextOr("description") ?? volume.TextOr("display_description"), volume.MapOr("metadata"));
        volume.Done();
        return change;
    }

    /// <summary>Clients send these as null before there is such a thing.</summary>
    private static string? Newer(Call call, Fields volume, string name, int minor) => Empty(volume.TextOr(name)) is not { } value ? null
        : call.AtLeast(minor) ? value : throw CloudError.Invalid($"{name} is there from microversion 3.{minor} on, and the request speaks {call.Version}.");

    private static string? Empty(string? text) => text is { Length: 0 } ? null : text;
}
