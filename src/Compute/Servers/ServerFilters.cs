using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>The filters of GET /servers that are columns: who may use which, and what they mean.</summary>
internal sealed class ServerFilters(IPorts ports, IHosts hosts)
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Always = ["all_tenants", "all_projects", "changes-since", "flavor", "image", "ip", "ip6", "name", "not-tags", "not-tags-any", "reservation_id", "status", "tags", "tags-any", "limit", "marker", "sort_key", "sort_dir"];

    /// <summary>For everybody since 2.83; before that others' use of them is ignored.</summary>
    private static readonly string[] ForAllLater = ["availability_zone", "config_drive", "key_name", "created_at", "launched_at", "terminated_at", "power_state", "task_state", "vm_state", "progress", "user_id"];

    private static readonly string[] ForAdmins =
    [
        "access_ip_v4", "access_ip_v6", "auto_disk_config", "created_at", "deleted", "description", "display_description", "display_name", "host", "hostname", "image_ref", "instance_type_id", "kernel_id",
        "launch_index", "locked_by", "node", "project_id", "ramdisk_id", "root_device_name", "soft_deleted", "tenant_id", "updated_at", "uuid",
    ];

    public async Task<IQueryable<ServerRow>> Rows(Query q, Call call)
    {
        Known(call);
        var actor = call.Actor;
        var all = Flag(call, "all_tenants") || Flag(call, "all_projects");
        if (all && !actor.IsAdmin) throw Nova.Denied("servers:index:get_all_tenants");
        var project = actor.IsAdmin && all && (call.QueryOr("project_id") ?? call.QueryOr("tenant_id")) is { } wanted ? wanted
            : all ? null : actor.IsAdmin && (call.QueryOr("project_id") ?? call.QueryOr("tenant_id")) is { } other && actor.ProjectId is null ? other : actor.ProjectId;
        var rows = q.Db<ComputeDb>().Servers.AsQueryable();
        if (project is not null) rows = rows.Where(s => s.ProjectId == project);
        rows = ServerTimes.Within(rows, call);
        if (call.QueryOr("image") is { } image) { var id = Tail(image); rows = rows.Where(s => s.ImageId == id); }
        if (call.QueryOr("flavor") is { } flavor) { var id = Tail(flavor); rows = rows.Where(s => s.FlavorId == id); }
        if (call.QueryOr("reservation_id") is { } reservation) rows = rows.Where(s => s.ReservationId == reservation);
        if (call.AtLeast(73) && call.QueryOr("locked") is not null) { var locked = Flag(call, "locked"); rows = rows.Where(s => s.Locked == locked); }
        if (actor.IsAdmin || call.AtLeast(83)) rows = Later(rows, call);
        if (actor.IsAdmin) rows = await Administrators(q, rows, call);
        if (call.AtLeast(26)) rows = ByTags(q, rows, call);
        foreach (var name in call.AtLeast(5) || actor.IsAdmin ? new[] { "ip", "ip6" } : ["ip"])
            if (call.QueryOr(name) is { } pattern)
            {
                Compile(pattern);
                var ids = await ports.ServersWithAddress(q, project, pattern);
                rows = rows.Where(s => ids.Contains(s.Id));
            }
        rows = await ByName(rows, call);
        return await ServerStates.Within(rows, call);
    }

    /// <summary>Unknown filters are ignored before 2.75 and refused after.</summary>
    private static void Known(Call call)
    {
        IEnumerable<string> known = [.. Always, .. ForAllLater, .. ForAdmins, .. call.AtLeast(66) ? ["changes-before"] : Array.Empty<string>(), .. call.AtLeast(73) ? ["locked"] : Array.Empty<string>()];
        Nova.OnlyQuery(call, 75, known);
    }

    private static IQueryable<ServerRow> Later(IQueryable<ServerRow> rows, Call call)
    {
        if (call.QueryOr("key_name") is { } key) rows = rows.Where(s => s.KeyName == key);
        if (call.QueryOr("user_id") is { } user) rows = rows.Where(s => s.UserId == user);
        if (call.QueryOr("availability_zone") is { } zone) rows = rows.Where(s => s.Zone == zone);
        if (call.QueryOr("config_drive") is not null) { var drive = Flag(call, "config_drive"); rows = rows.Where(s => s.ConfigDrive == drive); }
        return rows;
    }

    private async Task<IQueryable<ServerRow>> Administrators(Query q, IQueryable<ServerRow> rows, Call call)
    {
        if (call.QueryOr("uuid") is { } uuid) rows = rows.Where(s => s.Id == uuid);
        if (call.QueryOr("access_ip_v4") is { } v4) rows = rows.Where(s => s.AccessIpv4 == v4);
        if (call.QueryOr("access_ip_v6") is { } v6) rows = rows.Where(s => s.AccessIpv6 == v6);
        if ((call.QueryOr("description") ?? call.QueryOr("display_description")) is { } words) rows = rows.Where(s => s.Description != null && s.Description.Contains(words));
        if (call.QueryOr("hostname") is { } hostname) rows = rows.Where(s => s.Hostname == hostname);
        if (int.TryParse(call.QueryOr("launch_index"), out var index)) rows = rows.Where(s => s.LaunchIndex == index);
        if ((call.QueryOr("host") ?? call.QueryOr("node")) is not { } host) return rows;
        var ids = (await hosts.All(q)).Where(h => h.Name == host || h.Name + " (simulated)" == host).Select(h => h.Id).ToList();
        return rows.Where(s => s.HostId != null && ids.Contains(s.HostId));
    }

    private static IQueryable<ServerRow> ByTags(Query q, IQueryable<ServerRow> rows, Call call)
    {
        var tags = q.Db<ComputeDb>().Tags;
        foreach (var tag in Words(call, "tags")) rows = rows.Where(s => tags.Any(t => t.ServerId == s.Id && t.Tag == tag));
        if (Words(call, "tags-any") is { Count: > 0 } any) rows = rows.Where(s => tags.Any(t => t.ServerId == s.Id && any.Contains(t.Tag)));
        if (Words(call, "not-tags") is { Count: > 0 } not) rows = rows.Where(s => tags.Count(t => t.ServerId == s.Id && not.Contains(t.Tag)) < not.Count);
        if (Words(call, "not-tags-any") is { Count: > 0 } none) rows = rows.Where(s => !tags.Any(t => t.ServerId == s.Id && none.Contains(t.Tag)));
        return rows;
    }

    private static List<string> Words(Call call, string name) => [.. call.QueryAll(name).SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct()];

    /// <summary>The name is a regular expression, case-insensitive; without special characters it is a part of the name.</summary>
    private static async Task<IQueryable<ServerRow>> ByName(IQueryable<ServerRow> rows, Call call)
    {
        if ((call.QueryOr("name") ?? (call.Actor.IsAdmin ? call.QueryOr("display_name") : null)) is not { } pattern) return rows;
        var shape = Compile(pattern);
        if (Plain(pattern)) // what people type: the database finds it without telling us all names
        {
            var part = pattern.ToLowerInvariant();
            return rows.Where(s => s.Name.ToLower().Contains(part));
        }
        var ids = (await rows.Select(s => new { s.Id, s.Name }).ToListAsync()).Where(s => shape.IsMatch(s.Name)).Select(s => s.Id).ToList();
        return rows.Where(s => ids.Contains(s.Id));
    }

    /// <summary>Nothing that an expression reads otherwise, and no letter whose capitals a database may not know.</summary>
    private static bool Plain(string pattern) => pattern.Length > 0 && pattern.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ' ' or >= '\u3400' and <= '\u9fff');

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexLimit);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw CloudError.Invalid($"The filter '{(pattern.Length > 80 ? pattern[..80] : pattern)}' is not a regular expression.");
        }
    }

    private static bool Flag(Call call, string name) => call.QueryOr(name) is { } text && (text.ToLowerInvariant() switch
    {
        "" or "1" or "true" or "yes" or "on" or "t" => true, "0" or "false" or "no" or "off" or "f" => false,
        _ => throw CloudError.Invalid($"Invalid input for query parameters {name}. Value: {(text.Length > 80 ? text[..80] : text)}. It must be true or false."),
    });

    private static string Tail(string url) => url[(url.LastIndexOf('/') + 1)..];
}
