using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>What is on hosts: processors taken, and servers (host id to server ids) when they are asked for.</summary>
internal sealed record HostContents(IReadOnlyDictionary<string, long> Vcpus, ILookup<string, string>? Servers)
{
    public static readonly HostContents None = new(new Dictionary<string, long>(), null);
}

/// <summary>The JSON of a hypervisor in each microversion.</summary>
internal static class HypervisorWire
{
    public static JsonValue Id(ComputeHost h, Call call) => call.AtLeast(53) ? JsonValue.Create(h.Id)! : JsonValue.Create(h.Number);

    public static JsonObject Short(ComputeHost h, HostContents on, Call call)
    {
        var body = new JsonObject { ["id"] = Id(h, call), ["hypervisor_hostname"] = h.Hostname, ["state"] = h.State, ["status"] = h.Status };
        if (on.Servers is { } servers && (servers.Contains(h.Id) || call.AtLeast(75)))
            body["servers"] = new JsonArray([.. servers[h.Id].Select(s => new JsonObject { ["uuid"] = s, ["name"] = "xy-" + s })]);
        return body;
    }

    public static JsonObject Detail(ComputeHost h, HostContents on, Call call)
    {
        var body = Short(h, on, call);
        body["hypervisor_type"] = h.Host.Hypervisor.Length > 0 ? h.Host.Hypervisor : "UNKNOWN";
        body["hypervisor_version"] = h.Host.HypervisorVersion;
        body["host_ip"] = null; // agents are reached by an endpoint that is nobody else's business
        body["service"] = new JsonObject { ["id"] = call.AtLeast(53) ? h.ServiceId : h.Number, ["host"] = h.Host.Name, ["disabled_reason"] = h.Host.DisabledReason };
        if (call.AtLeast(88))
        {
            body["uptime"] = null;
            return body;
        }
        var cpu = new JsonObject { ["arch"] = h.Host.Arch, ["accelerator"] = h.Host.Accelerator };
        body["cpu_info"] = call.AtLeast(28) ? cpu : cpu.ToJsonString();
        foreach (var (name, value) in Numbers([h], on)) body[name] = value;
        return body;
    }

    public static JsonObject Sum(IReadOnlyList<ComputeHost> all, HostContents on) => new(Numbers(all, on).Prepend(("count", all.Count)).Select(n => KeyValuePair.Create(n.Item1, (JsonNode?)n.Item2)));

    private static IEnumerable<(string, long)> Numbers(IReadOnlyList<ComputeHost> all, HostContents on)
    {
        long Of(Func<ComputeHost, long> value) => all.Sum(value);
        var (memory, used, disk, full) = (Of(h => h.Host.MemoryMib), Of(h => h.Host.MemoryUsedMib), Of(h => h.Host.DiskGib), Of(h => h.Host.DiskUsedGib));
        return
        [
            ("vcpus", Of(h => h.Host.Vcpus)), ("vcpus_used", Of(h => on.Vcpus.GetValueOrDefault(h.Id))), ("memory_mb", memory), ("memory_mb_used", used), ("free_ram_mb", memory - used),
            ("local_gb", disk), ("local_gb_used", full), ("free_disk_gb", disk - full), ("disk_available_least", disk - full), ("running_vms", Of(h => h.Host.RunningServers)), ("current_workload", 0),
        ];
    }

    /// <summary>Agents tell no uptime: how long ago one was heard is what can be said.</summary>
    public static string Uptime(ComputeHost h, long now) => h.Host.Alive ? $"heard {(now - h.Host.SeenAt) / 1000} s ago" : "not heard";
}
