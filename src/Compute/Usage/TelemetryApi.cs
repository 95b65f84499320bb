using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Usage;

/// <summary>/xiangyun/v1/telemetry: what a server uses, for whoever may see it; what a host uses and which of its guests take most of it, for operators.</summary>
internal sealed class TelemetryApi(Database database, ITelemetry telemetry, IHosts hosts) : IApi
{
    public Service Service { get; } = new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r)
    {
        r.Get("/telemetry/servers/{id}", "compute:read", OfServer);
        r.Get("/telemetry/hosts/{id}", "fleet:list_hosts", OfHost);
    }

    private async Task<Answer> OfServer(Call call)
    {
        var month = Month(call);
        var row = await database.Read(q => ServerStore.Find(q, call.Actor, call["id"]));
        return Answer.Ok(new JsonObject { ["telemetry"] = new JsonObject { ["server_id"] = row.Id, ["vcpus"] = row.Vcpus, ["memory_mib"] = row.RamMib, ["now"] = telemetry.Now(row.Id) is { } now ? Wire(now) : null, ["history"] = Wire(await telemetry.History(row.Id, month)) } });
    }

    private async Task<Answer> OfHost(Call call)
    {
        var (month, guests) = (Month(call), telemetry.OnHost(call["id"]));
        var ids = guests.Select(g => g.Id).ToList();
        var (host, names) = await database.Read(async q => (await hosts.Find(q, call["id"]) ?? throw CloudError.NotFound($"There is no host {call["id"]}."),
            await q.Db<ComputeDb>().Servers.Where(s => ids.Contains(s.Id) && s.DeletedAt == null && s.HostId == call["id"]).Select(s => new { s.Id, s.Name, s.ProjectId }).ToDictionaryAsync(s => s.Id)));
        return Answer.Ok(new JsonObject
        {
            ["telemetry"] = new JsonObject
            {
                ["host_id"] = host.Id, ["host_name"] = host.Name, ["simulated"] = host.Simulated, ["vcpus"] = host.Vcpus, ["memory_mib"] = host.MemoryMib, ["cpu_percent"] = host.CpuPercent, ["memory_used_mib"] = host.MemoryUsedMib, ["as_of"] = Clock.Seconds(host.SeenAt),
                ["history"] = Wire(await telemetry.History("host:" + host.Id, month)),
                ["guests"] = new JsonArray([.. guests.Where(g => names.ContainsKey(g.Id)).OrderByDescending(g => g.CpuBusy).Select(g =>
                {
                    var wire = Wire(g);
                    (wire["server_id"], wire["name"], wire["project_id"], wire["host_cpu_percent"]) = (g.Id, names[g.Id].Name, names[g.Id].ProjectId, host.Vcpus == 0 ? null : Math.Round(100 * g.CpuBusy / host.Vcpus, 2));
                    return (JsonNode)wire;
                })]),
            },
        });
    }

    private static bool Month(Call call) => (call.QueryOr("period") ?? "day") switch
    {
        "day" => false, "month" => true, var other => throw CloudError.Invalid($"Invalid input for field/attribute period. Value: {other}. It must be day (five-minute means) or month (hours)."),
    };

    private static JsonObject Wire(UseNow u) => new()
    {
        ["as_of"] = Clock.Seconds(u.At), ["cpu_percent"] = Math.Round(u.CpuPercent, 1), ["cpu_busy"] = Math.Round(u.CpuBusy, 3), ["cpu_wait"] = u.CpuWait is { } wait ? Math.Round(wait, 3) : null,
        ["memory_mib"] = u.MemoryMib, ["resident_mib"] = u.ResidentMib, ["used_mib"] = u.UsedMib, ["major_faults_s"] = u.MajorFaults, ["disk_read_bytes_s"] = Math.Round(u.DiskReadBps), ["disk_write_bytes_s"] = Math.Round(u.DiskWriteBps),
        ["net_in_bytes_s"] = Math.Round(u.NetInBps), ["net_out_bytes_s"] = Math.Round(u.NetOutBps),
    };

    /// <summary>[milliseconds, CPU %, largest CPU %, memory %]; null where nothing was known.</summary>
    private static JsonArray Wire(IEnumerable<UsePoint> points) => [.. points.Select(p => (JsonNode)new JsonArray(p.At, p.CpuPercent, p.CpuMax, p.MemoryPercent))];
}
