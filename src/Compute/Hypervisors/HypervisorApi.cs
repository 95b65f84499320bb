using System.Text.Json.Nodes;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>Hosts as Nova shows them. Simulated ones say so in type and name.</summary>
internal sealed class HypervisorApi(Database database, IHosts hosts, TimeProvider clock) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Root("", call => Task.FromResult(Answer.Ok(new JsonObject { ["versions"] = new JsonArray(Version(call)) })));
        r.Root("/v2.1", VersionDocument);
        r.Get("/os-hypervisors", "compute:hypervisors", call => List(call, Short));
        r.Get("/os-hypervisors/detail", "compute:hypervisors", call => List(call, Detail));
        r.Get("/os-hypervisors/statistics", "compute:hypervisors", Statistics);
        r.Get("/os-hypervisors/{id}", "compute:hypervisors", Show);
        r.Get("/os-hypervisors/{id}/uptime", "compute:hypervisors", Uptime);
        r.Get("/os-services", "compute:hypervisors", Services);
        r.Get("/os-availability-zone", "compute:read_quota", call => Zones(call, detail: false));
        r.Get("/os-availability-zone/detail", "compute:hypervisors", call => Zones(call, detail: true));
        r.Get("/extensions", "compute:read_quota", _ => Task.FromResult(Answer.Ok(new JsonObject { ["extensions"] = new JsonArray() })));
    }

    private static JsonObject Version(Call call) => new()
    {
        ["id"] = "v2.1", ["status"] = "CURRENT", ["version"] = Nova.Service.Versions!.Max.ToString(), ["min_version"] = Nova.Service.Versions.Min.ToString(), ["updated"] = "2013-07-23T11:33:21Z",
        ["links"] = new JsonArray(new JsonObject { ["rel"] = "self", ["href"] = call.Link("/compute/v2.1/") }),
    };

    private static Task<Answer> VersionDocument(Call call)
    {
        var version = Version(call);
        version["media-types"] = new JsonArray(new JsonObject { ["base"] = "application/json", ["type"] = "application/vnd.openstack.compute+json;version=2.1" });
        return Task.FromResult(Answer.Ok(new JsonObject { ["version"] = version }));
    }

    private static string Name(HostView h) => h.Simulated ? h.Name + " (simulated)" : h.Name;

    /// <summary>A number as ids were before 2.53: the place of the host in the list sorted by its age.</summary>
    private static IEnumerable<(int Id, HostView Host)> Numbered(IReadOnlyList<HostView> all) => all.OrderBy(h => h.Id, StringComparer.Ordinal).Select((h, i) => (i + 1, h));

    private static JsonObject Short(int id, HostView h) => new() { ["id"] = id, ["hypervisor_hostname"] = Name(h), ["state"] = h.Alive ? "up" : "down", ["status"] = h.Enabled ? "enabled" : "disabled" };

    private static JsonObject Detail(int id, HostView h)
    {
        var body = Short(id, h);
        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("hypervisor_type", h.Hypervisor.Length > 0 ? h.Hypervisor : "UNKNOWN"), ("hypervisor_version", h.HypervisorVersion), ("host_ip", "127.0.0.1"), ("vcpus", h.Vcpus), ("vcpus_used", 0),
            ("memory_mb", h.MemoryMib), ("memory_mb_used", h.MemoryUsedMib), ("free_ram_mb", h.MemoryMib - h.MemoryUsedMib), ("local_gb", h.DiskGib), ("local_gb_used", h.DiskUsedGib),
            ("free_disk_gb", h.DiskGib - h.DiskUsedGib), ("disk_available_least", h.DiskGib - h.DiskUsedGib), ("running_vms", h.RunningServers), ("current_workload", 0),
            ("cpu_info", new JsonObject { ["arch"] = h.Arch, ["accelerator"] = h.Accelerator }.ToJsonString()),
            ("service", new JsonObject { ["id"] = id, ["host"] = h.Name, ["disabled_reason"] = h.DisabledReason }),
        }) body[name] = value;
        return body;
    }

    private Task<Answer> List(Call call, Func<int, HostView, JsonObject> wire) => database.Read(async q =>
        Answer.Ok(new JsonObject { ["hypervisors"] = new JsonArray([.. Numbered(await hosts.All(q)).Select(n => wire(n.Id, n.Host))]) }));

    private async Task<(int Id, HostView Host)> Find(Query q, Call call)
    {
        var found = Numbered(await hosts.All(q)).FirstOrDefault(n => n.Id.ToString() == call["id"] || n.Host.Id == call["id"]);
        return found.Host is null ? throw CloudError.NotFound($"Hypervisor with ID '{call["id"]}' could not be found.") : found;
    }

    private Task<Answer> Show(Call call) => database.Read(async q => { var (id, host) = await Find(q, call); return Answer.Ok(new JsonObject { ["hypervisor"] = Detail(id, host) }); });

    private Task<Answer> Uptime(Call call) => database.Read(async q =>
    {
        var (id, host) = await Find(q, call);
        var body = Short(id, host);
        body["uptime"] = host.Alive ? $"seen {(clock.Ms() - host.SeenAt) / 1000} s ago" : "not seen";
        return Answer.Ok(new JsonObject { ["hypervisor"] = body });
    });

    private Task<Answer> Statistics(Call call) => database.Read(async q =>
    {
        var all = await hosts.All(q);
        return Answer.Ok(new JsonObject
        {
            ["hypervisor_statistics"] = new JsonObject
            {
                ["count"] = all.Count, ["vcpus"] = all.Sum(h => h.Vcpus), ["vcpus_used"] = 0, ["memory_mb"] = all.Sum(h => h.MemoryMib), ["memory_mb_used"] = all.Sum(h => h.MemoryUsedMib),
                ["free_ram_mb"] = all.Sum(h => h.MemoryMib - h.MemoryUsedMib), ["local_gb"] = all.Sum(h => h.DiskGib), ["local_gb_used"] = all.Sum(h => h.DiskUsedGib), ["free_disk_gb"] = all.Sum(h => h.DiskGib - h.DiskUsedGib),
                ["disk_available_least"] = all.Sum(h => h.DiskGib - h.DiskUsedGib), ["running_vms"] = all.Sum(h => h.RunningServers), ["current_workload"] = 0,
            },
        });
    });

    private Task<Answer> Services(Call call) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["services"] = new JsonArray([.. Numbered(await hosts.All(q)).Where(n => call.QueryOr("host") is not { } h || h == n.Host.Name).Where(_ => call.QueryOr("binary") is null or "nova-compute").Select(n => new JsonObject
        {
            ["id"] = n.Id, ["binary"] = "nova-compute", ["host"] = Name(n.Host), ["zone"] = n.Host.Zone, ["state"] = n.Host.Alive ? "up" : "down", ["status"] = n.Host.Enabled ? "enabled" : "disabled",
            ["updated_at"] = Clock.Micros(n.Host.SeenAt), ["disabled_reason"] = n.Host.DisabledReason,
        })]),
    }));

    private Task<Answer> Zones(Call call, bool detail) => database.Read(async q => Answer.Ok(new JsonObject
    {
        ["availabilityZoneInfo"] = new JsonArray([.. (await hosts.All(q)).GroupBy(h => h.Zone).OrderBy(z => z.Key).Select(z => new JsonObject
        {
            ["zoneName"] = z.Key, ["zoneState"] = new JsonObject { ["available"] = z.Any(h => h.Alive && h.Enabled) },
            ["hosts"] = !detail ? null : new JsonObject(z.Select(h => KeyValuePair.Create(Name(h), (JsonNode?)new JsonObject
            {
                ["nova-compute"] = new JsonObject { ["available"] = h.Alive, ["active"] = h.Enabled, ["updated_at"] = Clock.Micros(h.SeenAt) },
            }))),
        })]),
    }));
}
