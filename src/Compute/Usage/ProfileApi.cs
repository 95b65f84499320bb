using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Usage;

/// <summary>/xiangyun/v1/telemetry/servers/{id}/profile: what a server is like, and which servers of its project swing with it.</summary>
internal sealed class ProfileApi(Database database, ITelemetry telemetry) : IApi
{
    private const int Shown = 20;

    public Service Service { get; } = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r) => r.Get("/telemetry/servers/{id}/profile", "compute:read", Show);

    private async Task<Answer> Show(Call call)
    {
        var row = await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        var profile = (await telemetry.Profiles([row.Id])).GetValueOrDefault(row.Id) ?? new UseProfile { HourOfDay = new double?[24] };
        var group = profile.Swing is { } g ? telemetry.SwingWith(g) : null;
        var beside = await database.Read(q => q.Db<ComputeDb>().Servers.Where(s => s.ProjectId == row.ProjectId && s.DeletedAt == null && s.RecycledAt == null && s.Id != row.Id && (group == null || group.Contains(s.Id))).OrderBy(s => s.Id).Take(Shown).Select(s => new { s.Id, s.Name }).ToListAsync());
        var wire = Wire(profile);
        (wire["server_id"], wire["vcpus"], wire["memory_mib"]) = (row.Id, row.Vcpus, row.RamMib);
        wire["swings_with"] = new JsonObject
        {
            ["by"] = group is null ? "project" : "shape", ["group"] = profile.Swing, ["count"] = group?.Count,
            ["servers"] = new JsonArray([.. beside.Select(s => (JsonNode)new JsonObject { ["id"] = s.Id, ["name"] = s.Name })]),
        };
        return Answer.Ok(new JsonObject { ["profile"] = wire });
    }

    private static JsonObject Wire(UseProfile p) => new()
    {
        ["from"] = p.Hours == 0 ? null : Clock.Seconds(p.From), ["to"] = p.Hours == 0 ? null : Clock.Seconds(p.To), ["hours"] = p.Hours,
        ["cpu"] = p.Hours == 0 ? null : new JsonObject
        {
            ["mean"] = R(p.Mean), ["deviation"] = R(p.Deviation), ["variance"] = R(p.Deviation * p.Deviation), ["p50"] = R(p.P50), ["p95"] = R(p.P95), ["p99"] = R(p.P99), ["peak"] = R(p.Peak), ["wait_p95"] = R(p.WaitP95),
            ["hour_of_day"] = new JsonArray([.. p.HourOfDay.Select(h => (JsonNode?)R(h))]), ["weekday"] = R(p.Weekday), ["weekend"] = R(p.Weekend), ["trend_a_week"] = R(p.Trend),
        },
        ["memory"] = p.MemoryPeak is null ? null : new JsonObject { ["p50"] = R(p.MemoryP50), ["p95"] = R(p.MemoryP95), ["peak"] = R(p.MemoryPeak) },
        ["days"] = new JsonArray([.. p.Days.Where(d => d.DiskBytesS is not null || d.FaultsS is not null).Select(d => (JsonNode)new JsonObject { ["at"] = Clock.Seconds(d.At), ["disk_bytes_s"] = R(d.DiskBytesS), ["net_bytes_s"] = R(d.NetBytesS), ["major_faults_s"] = R(d.FaultsS) })]),
    };

    private static double? R(double? value) => value is { } v ? Math.Round(v, 2) : null;
}
