using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Servers;

/// <summary>The filters of GET /servers. Unknown ones are ignored, as Nova does before 2.75.</summary>
internal sealed class ServerFilters(IPorts ports, IHosts hosts)
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(200);

    public async Task<IQueryable<ServerRow>> Rows(Query q, Call call)
    {
        var actor = call.Actor;
        var all = call.QueryOr("all_tenants") is not null && call.QueryFlag("all_tenants") || call.QueryOr("all_projects") is not null && call.QueryFlag("all_projects");
        if (all && !actor.IsAdmin) throw CloudError.Forbidden("Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.");
        var rows = q.Db<ComputeDb>().Servers.AsQueryable();
        var project = actor.IsAdmin && (call.QueryOr("project_id") ?? call.QueryOr("tenant_id")) is { } wanted ? wanted : all ? null : actor.ProjectId;
        if (project is not null) rows = rows.Where(s => s.ProjectId == project);
        rows = Deleted(rows, call);
        if (call.QueryOr("image") is { } image) { var id = Tail(image); rows = rows.Where(s => s.ImageId == id); }
        if (call.QueryOr("flavor") is { } flavor) { var id = Tail(flavor); rows = rows.Where(s => s.FlavorId == id); }
        if (call.QueryOr("key_name") is { } key) rows = rows.Where(s => s.KeyName == key);
        if (call.QueryOr("reservation_id") is { } reservation) rows = rows.Where(s => s.ReservationId == reservation);
        if (call.QueryOr("uuid") is { } uuid) rows = rows.Where(s => s.Id == uuid);
        if (actor.IsAdmin && call.QueryOr("user_id") is { } user) rows = rows.Where(s => s.UserId == user);
        if (actor.IsAdmin && call.QueryOr("host") is { } host)
        {
            var ids = (await hosts.All(q)).Where(h => h.Name == host).Select(h => h.Id).ToList();
            rows = rows.Where(s => s.HostId != null && ids.Contains(s.HostId));
        }
        foreach (var name in new[] { "ip", "ip6" })
            if (call.QueryOr(name) is { } pattern)
            {
                Compile(pattern);
                var ids = await ports.ServersWithAddress(q, project, pattern);
                rows = rows.Where(s => ids.Contains(s.Id));
            }
        rows = await ByName(rows, call);
        return await ByStatus(rows, call);
    }

    private static IQueryable<ServerRow> Deleted(IQueryable<ServerRow> rows, Call call)
    {
        var since = call.QueryOr("changes-since") is not { } text ? (long?)null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds()
            : throw CloudError.Invalid($"Invalid input for query parameters changes-since. Value: {text}. '{text}' is not a 'date-time'");
        if (since is { } ms) return rows.Where(s => s.UpdatedAt >= ms);
        return call.Actor.IsAdmin && call.QueryFlag("deleted") && call.QueryOr("deleted") is not null ? rows.Where(s => s.DeletedAt != null) : rows.Where(s => s.DeletedAt == null);
    }

    /// <summary>The name is a regular expression, case-insensitive; without special characters it is a part of the name.</summary>
    private static async Task<IQueryable<ServerRow>> ByName(IQueryable<ServerRow> rows, Call call)
    {
        if (call.QueryOr("name") is not { } pattern) return rows;
        var shape = Compile(pattern);
        var ids = (await rows.Select(s => new { s.Id, s.Name }).ToListAsync()).Where(s => shape.IsMatch(s.Name)).Select(s => s.Id).ToList();
        return rows.Where(s => ids.Contains(s.Id));
    }

    private static async Task<IQueryable<ServerRow>> ByStatus(IQueryable<ServerRow> rows, Call call)
    {
        var wanted = call.QueryAll("status").Concat(call.QueryAll("vm_state")).Select(s => s.ToUpperInvariant()).ToHashSet();
        if (wanted.Count == 0) return rows;
        var ids = (await rows.ToListAsync()).Where(s => ServerStatus.Of(s) is var status && (wanted.Contains(status.Status) || wanted.Contains(status.VmState.ToUpperInvariant()))).Select(s => s.Id).ToList();
        return rows.Where(s => ids.Contains(s.Id));
    }

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

    private static string Tail(string url) => url[(url.LastIndexOf('/') + 1)..];
}
