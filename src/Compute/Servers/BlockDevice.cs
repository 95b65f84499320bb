using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>
/// One entry of block_device_mapping_v2, checked for form: whether what it names exists is asked later. The old
/// block_device_mapping becomes the same thing.
/// </summary>
/// <param name="Source"><c>image</c>, <c>volume</c>, <c>snapshot</c> or <c>blank</c>.</param>
/// <param name="Local">true: a disk of the server itself (only the image that it boots from), false: a volume.</param>
internal sealed record BlockDevice(string Source, string? SourceId, bool Local, int BootIndex, int? SizeGib, string? Device, bool DeleteOnTermination, string? Tag, string? VolumeType)
{
    public static IReadOnlyList<BlockDevice> Read(Fields server, Call call)
    {
        var (old, now) = (server.ObjectsOr("block_device_mapping"), server.ObjectsOr("block_device_mapping_v2"));
        if (old is { Count: > 0 } && now is { Count: > 0 }) throw CloudError.Invalid("Using different block_device_mapping syntaxes is not allowed in the same request.");
        var all = old is { Count: > 0 } ? [.. old.Select(One)] : (IReadOnlyList<BlockDevice>)[.. (now ?? []).Select(d => Two(d, call))];
        if (all.Count(d => d.BootIndex == 0) > 1 || all.Where(d => d.BootIndex > 0).GroupBy(d => d.BootIndex).Any(g => g.Count() > 1)) throw BadBoot();
        if (all.Where(d => d.Source == "volume").GroupBy(d => d.SourceId).Any(g => g.Count() > 1)) throw CloudError.Invalid("Block Device Mapping is Invalid: a volume is named twice.");
        return all;
    }

    public static CloudError BadBoot() => CloudError.Invalid("Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.");

    private static BlockDevice Two(Fields d, Call call)
    {
        var source = d.OneOf("source_type", "volume", "image", "snapshot", "blank") ?? throw CloudError.Invalid($"Invalid input: '{d.At("source_type")}' is a required property.");
        var to = d.OneOf("destination_type", "local", "volume") ?? (source is "volume" or "snapshot" ? "volume" : "local");
        if (source is "volume" or "snapshot" && to == "local") throw CloudError.Invalid($"Block Device Mapping is Invalid: Mapping {source} to local is not supported.");
        d.TextOr("device_type");
        d.TextOr("disk_bus");
        d.FlagOr("no_device");
        var format = d.TextOr("guest_format");
        if (source == "blank" && to == "local") throw CloudError.Invalid($"Block Device Mapping is Invalid: {(format == "swap" ? "swap" : "ephemeral")} disks are not offered by this cloud; use a blank volume (destination_type volume).");
        var tag = call.AtLeast(32) && !call.AtLeast(33) || call.AtLeast(42) ? TagOf(d) : null;
        var type = call.AtLeast(67) ? d.TextOr("volume_type", 1) : null;
        var made = new BlockDevice(source, d.IdOr("uuid"), to == "local", d.IsNull("boot_index") ? -1 : (int)Math.Max(-1, d.NumberOr("boot_index", -1_000_000, 1_000_000) ?? -1),
            (int?)d.NumberOr("volume_size", 1, 1_000_000), d.TextOr("device_name", 1), d.FlagOr("delete_on_termination") ?? false, tag, type);
        d.Done();
        if (made.SourceId is null && source != "blank") throw CloudError.Invalid($"Block Device Mapping is Invalid: '{d.At("uuid")}' is required for source_type {source}.");
        if (type is not null && source == "volume") throw CloudError.Invalid("Block Device Mapping is Invalid: volume_type cannot be given for a volume that exists.");
        if (!made.Local && source is "blank" or "image" && !made.Local && made.SizeGib is null) throw CloudError.Invalid($"Block Device Mapping is Invalid: {source} devices with destination_type 'volume' need to have a non-zero size specified");
        return made;
    }

    private static BlockDevice One(Fields d)
    {
        var (volume, snapshot, device) = (d.IdOr("volume_id"), d.IdOr("snapshot_id"), d.TextOr("device_name", 1));
        var size = (int?)d.NumberOr("volume_size", 1, 1_000_000);
        d.FlagOr("no_device");
        d.TextOr("virtual_name");
        var delete = d.FlagOr("delete_on_termination") ?? false;
        d.Done();
        if (volume is null && snapshot is null) throw CloudError.Invalid($"Block Device Mapping is Invalid: '{d.At("volume_id")}' or a snapshot_id is required.");
        return new BlockDevice(volume is null ? "snapshot" : "volume", volume ?? snapshot, false, device?.EndsWith("vda", StringComparison.Ordinal) == true ? 0 : -1, size, device, delete, null, null);
    }

    /// <summary>A label: 1 to 60 characters, neither slash nor comma.</summary>
    public static string? TagOf(Fields fields)
    {
        var tag = fields.TextOr("tag", 1, 60);
        return tag is not null && tag.AsSpan().ContainsAny('/', ',') ? throw CloudError.Invalid($"Invalid input for field/attribute {fields.At("tag")}. Value: {tag}. It must have neither '/' nor ','.") : tag;
    }
}
