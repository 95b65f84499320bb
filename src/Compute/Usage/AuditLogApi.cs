using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Hypervisors;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Usage;

/// <summary>os-instance_usage_audit_log: per host, how many servers the month before a time counted. It is computed when asked, so each host is always done.</summary>
internal sealed class AuditLogApi(Database database, ComputeHosts hosts, TimeProvider clock) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-instance_usage_audit_log", "compute:hypervisors", async _ => Answer.Ok(new JsonObject { ["instance_usage_audit_logs"] = await Of(clock.GetUtcNow()) }));
        r.Get("/os-instance_usage_audit_log/{before}", "compute:hypervisors", async call => Answer.Ok(new JsonObject { ["instance_usage_audit_log"] = await Of(Before(call["before"])) }));
    }

    /// <summary>Clients that quote twice are known.</summary>
    private static DateTimeOffset Before(string text) =>
        DateTimeOffset.TryParse(Uri.UnescapeDataString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw CloudError.Invalid($"Invalid timestamp for date {(text.Length > 80 ? text[..80] : text)}");

    private async Task<JsonObject> Of(DateTimeOffset before)
    {
        var utc = before.UtcDateTime;
        var end = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var (from, to) = (end.AddMonths(-1).ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
        var all = await hosts.All();
        var counts = await database.Read(q => q.Db<ComputeDb>().Servers.Where(s => s.HostId != null && s.LaunchedAt != null && s.LaunchedAt < to && (s.DeletedAt == null || s.DeletedAt > from))
            .GroupBy(s => s.HostId!).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));
        return new JsonObject
        {
            ["period_beginning"] = Clock.Seconds(from).Replace("T", " ").TrimEnd('Z'), ["period_ending"] = Clock.Seconds(to).Replace("T", " ").TrimEnd('Z'), ["num_hosts"] = all.Count, ["num_hosts_done"] = all.Count,
            ["num_hosts_running"] = 0, ["num_hosts_not_run"] = 0, ["hosts_not_run"] = new JsonArray(), ["total_instances"] = counts.Values.Sum(), ["total_errors"] = 0,
            ["overall_status"] = "ALL hosts done. 0 errors.",
            ["log"] = new JsonObject(all.Select(h => KeyValuePair.Create(h.Host.Name, (JsonNode?)new JsonObject { ["state"] = "DONE", ["instances"] = counts.GetValueOrDefault(h.Id), ["errors"] = 0, ["message"] = "" }))),
        };
    }
}
