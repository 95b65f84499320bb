using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>sort_key and sort_dir of GET /servers. What is computed and not stored cannot be sorted by; the newest come first.</summary>
internal static class ServerSort
{
    private static readonly Dictionary<string, string> Members = new()
    {
        ["created_at"] = nameof(ServerRow.CreatedAt), ["updated_at"] = nameof(ServerRow.UpdatedAt), ["display_name"] = nameof(ServerRow.Name), ["name"] = nameof(ServerRow.Name), ["uuid"] = nameof(ServerRow.Id),
        ["launched_at"] = nameof(ServerRow.LaunchedAt), ["terminated_at"] = nameof(ServerRow.DeletedAt), ["host"] = nameof(ServerRow.HostId), ["node"] = nameof(ServerRow.HostId), ["key_name"] = nameof(ServerRow.KeyName),
        ["project_id"] = nameof(ServerRow.ProjectId), ["user_id"] = nameof(ServerRow.UserId), ["instance_type_id"] = nameof(ServerRow.FlavorId), ["image_ref"] = nameof(ServerRow.ImageId),
        ["access_ip_v4"] = nameof(ServerRow.AccessIpv4), ["access_ip_v6"] = nameof(ServerRow.AccessIpv6), ["auto_disk_config"] = nameof(ServerRow.DiskConfig), ["availability_zone"] = nameof(ServerRow.Zone),
        ["config_drive"] = nameof(ServerRow.ConfigDrive), ["display_description"] = nameof(ServerRow.Description), ["hostname"] = nameof(ServerRow.Hostname), ["launch_index"] = nameof(ServerRow.LaunchIndex),
        ["locked"] = nameof(ServerRow.Locked),
    };

    public static List<SortKey> Of(Call call)
    {
        var (keys, dirs) = (call.QueryAll("sort_key"), call.QueryAll("sort_dir"));
        if (dirs.FirstOrDefault(d => d is not ("asc" or "desc")) is { } wrong) throw CloudError.Invalid($"Invalid input for query parameters sort_dir. Value: {wrong}. It must be asc or desc.");
        if (dirs.Count > Math.Max(keys.Count, 1)) throw CloudError.Invalid("Sort direction size exceeds sort key size");
        if (keys.Count == 0) return [new SortKey(nameof(ServerRow.CreatedAt), dirs is not ["asc"])];
        return [.. keys.Select((key, i) => Members.TryGetValue(key, out var member) && (key != "locked" || call.AtLeast(73))
            ? new SortKey(member, i >= dirs.Count || dirs[i] != "asc") : throw CloudError.Invalid($"Invalid input for query parameters sort_key. Servers cannot be sorted by '{key}'."))];
    }
}
