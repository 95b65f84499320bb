using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Usage;

/// <summary>Hours that servers existed within a period, times what they had. Deleted servers count until they are purged.</summary>
internal sealed class UsageApi(Database database, TimeProvider clock) : IApi
{
    private const double Hour = 3_600_000;

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-simple-tenant-usage", "compute:usage_of_all", List);
        r.Get("/os-simple-tenant-usage/{project}", "compute:read", Show);
    }

    private (long Start, long Stop) Period(Call call)
    {
        var now = clock.Ms();
        var (start, stop) = (Time(call, "start") ?? now - (long)(28 * 24 * Hour), Time(call, "end") ?? now);
        return start <= stop ? (start, stop) : throw CloudError.Invalid("Invalid start time. The start time cannot occur after the end time.");
    }

    private static long? Time(Call call, string name) => call.QueryOr(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds()
        : throw CloudError.Invalid($"Invalid input for query parameter {name}. Value: {text}. It must be a time in ISO 8601.");

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 75, "start", "end", "detailed", "limit", "marker");
        var (start, stop) = Period(call);
        var detail = call.QueryOr("detailed") == "1";
        var (rows, more) = await Page(call, Within(q, start, stop));
        var names = await Names(q);
        var body = new JsonObject { ["tenant_usages"] = new JsonArray([.. rows.GroupBy(s => s.ProjectId).Select(g => Usage(g.Key, [.. g], names, start, stop, detail))]) };
        if (more) body["tenant_usages_links"] = call.NextLinks(rows[^1].Id);
        return Answer.Ok(body);
    });

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        Nova.OnlyQuery(call, 75, "start", "end", "limit", "marker");
        var project = call["project"];
        if (!call.Actor.MaySee(project)) throw Nova.Denied("os-simple-tenant-usage:show");
        var (start, stop) = Period(call);
        var (rows, more) = await Page(call, Within(q, start, stop).Where(s => s.ProjectId == project));
        var body = new JsonObject { ["tenant_usage"] = rows.Count == 0 ? [] : Usage(project, rows, await Names(q), start, stop, true) };
        if (more) body["tenant_usage_links"] = call.NextLinks(rows[^1].Id);
        return Answer.Ok(body);
    });

    /// <summary>Since 2.40 so many servers at a time; before, all.</summary>
    private static async Task<(List<ServerRow> Rows, bool More)> Page(Call call, IQueryable<ServerRow> within)
    {
        if (!call.AtLeast(40)) return (await within.OrderBy(s => s.Id).ToListAsync(), false);
        var page = call.Page();
        if (page.Marker is { } marker)
        {
            if (!await within.AnyAsync(s => s.Id == marker)) throw Nova.BadMarker(marker);
            within = within.Where(s => string.Compare(s.Id, marker) > 0);
        }
        var rows = await within.OrderBy(s => s.Id).Take(page.Limit + 1).ToListAsync();
        return rows.Count > page.Limit ? (rows[..page.Limit], page.Limit > 0) : (rows, false);
    }

    private static IQueryable<ServerRow> Within(Query q, long start, long stop) =>
        q.Db<ComputeDb>().Servers.Where(s => s.LaunchedAt != null && s.LaunchedAt < stop && (s.DeletedAt == null || s.DeletedAt > start));

    private static Task<Dictionary<string, string>> Names(Query q) => q.Db<ComputeDb>().Flavors.ToDictionaryAsync(f => f.Id, f => f.Name);

    internal static double Hours(long launched, long? deleted, long start, long stop) => Math.Max(0, (Math.Min(deleted ?? stop, stop) - Math.Max(launched, start)) / Hour);

    private JsonObject Usage(string project, IReadOnlyList<ServerRow> rows, Dictionary<string, string> names, long start, long stop, bool detail)
    {
        double Total(Func<ServerRow, double> of) => rows.Sum(s => Hours(s.LaunchedAt!.Value, s.DeletedAt, start, stop) * of(s));
        var body = new JsonObject
        {
            ["tenant_id"] = project, ["start"] = Clock.Micros(start), ["stop"] = Clock.Micros(stop), ["total_hours"] = Total(_ => 1),
            ["total_vcpus_usage"] = Total(s => s.Vcpus), ["total_memory_mb_usage"] = Total(s => s.RamMib), ["total_local_gb_usage"] = Total(s => s.DiskGib),
        };
        if (detail) body["server_usages"] = new JsonArray([.. rows.Select(s => new JsonObject
        {
            ["instance_id"] = s.Id, ["name"] = s.Name, ["tenant_id"] = s.ProjectId, ["flavor"] = names.GetValueOrDefault(s.FlavorId, s.FlavorId), ["vcpus"] = s.Vcpus, ["memory_mb"] = s.RamMib, ["local_gb"] = s.DiskGib,
            ["hours"] = Hours(s.LaunchedAt!.Value, s.DeletedAt, start, stop), ["started_at"] = Clock.Micros(s.LaunchedAt), ["ended_at"] = Clock.Micros(s.DeletedAt),
            ["uptime"] = ((s.DeletedAt ?? clock.Ms()) - s.LaunchedAt!.Value) / 1000, ["state"] = s.DeletedAt is null ? ServerStatus.Of(s).VmState : "terminated",
        })]);
        return body;
    }
}
