using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Types;
using Xiangyun.Volume.Volumes;
using Xiangyun.Wire;

namespace Xiangyun.Volume.Admin;

/// <summary>For administrators: the hosts that keep volumes, as Cinder's services, hosts and pools.</summary>
internal sealed class HostApi(Database database, IHosts hosts) : IApi
{
    public Service Service => VolumeService.Service;

    public void Map(Routes routes)
    {
        routes.Get("/os-services", "volume:admin", Services);
        routes.Get("/os-hosts", "volume:admin", Hosts);
        routes.Get("/os-hosts/{name}", "volume:admin", Host);
        routes.Get("/scheduler-stats/get_pools", "volume:admin", Pools);
    }

    public static string Name(HostView host) => $"{host.Name}@files";

    private async Task<IEnumerable<HostView>> All(Call call)
    {
        VolumeService.Check(call);
        return (await database.Read(hosts.All, call.Stop)).OrderBy(h => h.Name, StringComparer.Ordinal);
    }

    private async Task<Answer> Services(Call call)
    {
        var all = (await All(call)).Where(h => call.QueryOr("host") is not { } host || host == h.Name || host == Name(h));
        if (call.QueryOr("binary") is { } binary && binary != "cinder-volume") all = [];
        return Answer.Ok(new JsonObject
        {
            ["services"] = new JsonArray([.. all.Select(h =>
            {
                var service = new JsonObject
                {
                    ["binary"] = "cinder-volume", ["host"] = Name(h), ["zone"] = h.Zone, ["status"] = h.Enabled ? "enabled" : "disabled", ["state"] = h.Alive ? "up" : "down",
                    ["disabled_reason"] = h.DisabledReason, ["updated_at"] = Clock.Micros(h.SeenAt),
                };
                if (call.AtLeast(7)) service["cluster"] = null;
                if (call.AtLeast(49)) service["backend_state"] = h.Alive ? "up" : "down";
                return (JsonNode)service;
            })]),
        });
    }

    private async Task<Answer> Hosts(Call call) => Answer.Ok(new JsonObject
    {
        ["hosts"] = new JsonArray([.. (await All(call)).Where(h => call.QueryOr("zone") is not { } zone || zone == h.Zone).Select(h => new JsonObject
        {
            ["service"] = "cinder-volume", ["host_name"] = Name(h), ["zone"] = h.Zone, ["service-status"] = h.Alive ? "available" : "unavailable",
            ["service-state"] = h.Enabled ? "enabled" : "disabled", ["last-update"] = Clock.Micros(h.SeenAt),
        })]),
    });

    private async Task<Answer> Host(Call call)
    {
        var host = (await All(call)).FirstOrDefault(h => Name(h) == call["name"] || h.Name == call["name"]) ?? throw CloudError.NotFound($"Host {call["name"]} could not be found.");
        var sums = await database.Read(q => q.Db<VolumeDb>().Volumes.Where(v => v.HostId == host.Id).GroupBy(v => v.ProjectId)
            .Select(g => new { Project = g.Key, Count = g.Count(), Gib = g.Sum(v => (long)v.SizeGib) }).ToListAsync(), call.Stop);
        var rows = sums.OrderBy(s => s.Project, StringComparer.Ordinal).Select(s => Resource(host, s.Project, s.Count, s.Gib)).Prepend(Resource(host, "(total)", sums.Sum(s => s.Count), sums.Sum(s => s.Gib)));
        return Answer.Ok(new JsonObject { ["host"] = new JsonArray([.. rows]) });
    }

    private static JsonNode Resource(HostView host, string project, int count, long gib) => new JsonObject
    {
        ["resource"] = new JsonObject
        {
            ["project"] = project, ["host"] = Name(host), ["volume_count"] = count.ToString(), ["total_volume_gb"] = gib.ToString(), ["snapshot_count"] = "0", ["total_snapshot_gb"] = "0",
        },
    };

    private async Task<Answer> Pools(Call call)
    {
        var detail = call.QueryFlag("detail");
        var hosts = (await All(call)).ToList();
        if (call.AtLeast(28) && call.QueryOr("name") is { } name) hosts = [.. hosts.Where(h => VolumeWire.HostName(h) == name)];
        if (call.AtLeast(35) && call.QueryOr("volume_type") is { } type)
        {
            var specs = await database.Read(async q => await TypeStore.Demands(q, (await TypeStore.Usable(q, call.Actor, type)).Id), call.Stop);
            hosts = [.. hosts.Where(h => specs.Lacking([h]) is null && specs.Zones?.Contains(h.Zone) != false)];
        }
        return Answer.Ok(new JsonObject
        {
            ["pools"] = new JsonArray([.. hosts.Select(h =>
            {
                var pool = new JsonObject { ["name"] = VolumeWire.HostName(h) };
                if (detail) pool["capabilities"] = Capabilities(h);
                return pool;
            })]),
        });
    }

    public static JsonObject Capabilities(HostView h) => new()
    {
        ["volume_backend_name"] = "files", ["vendor_name"] = "Xiangyun", ["driver_version"] = "1", ["storage_protocol"] = "file", ["total_capacity_gb"] = h.DiskGib,
        ["free_capacity_gb"] = Math.Max(0, h.DiskGib - h.DiskUsedGib), ["reserved_percentage"] = 0, ["QoS_support"] = false, ["multiattach"] = true, ["simulated"] = h.Simulated, ["timestamp"] = Clock.Micros(h.SeenAt),
    };
}
