using System.Text.Json.Nodes;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Diagnostics;

/// <summary>What is known of a running server's parts. Hosts report no counters of traffic and time, so those are null, never made up.</summary>
internal sealed class DiagnosticsApi(Database database, IPorts ports, IVolumes volumes, IHosts hosts) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/servers/{id}/diagnostics", "compute:manage_hosts", Show);
        r.Get("/servers/{id}/topology", "compute:read", Nova.Since(78, Topology));
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        if (row.HostId is null || row.LaunchedAt is null) throw CloudError.Conflict($"Instance {row.Id} is not on a host yet: there is nothing to tell of it.");
        var (nics, disks) = (await ports.OfServer(q, row.Id), (await volumes.OfServers(q, [row.Id]))[row.Id].ToList());
        var host = await hosts.Find(q, row.HostId);
        return Answer.Ok(call.AtLeast(48) ? Standard(row, nics, disks.Count + 1, host) : Old(row, nics));
    });

    private static JsonObject Old(ServerRow row, IReadOnlyList<PortView> nics)
    {
        var body = new JsonObject { ["memory"] = (long)row.RamMib * 1024, ["memory-actual"] = (long)row.RamMib * 1024, ["vcpus"] = row.Vcpus, ["state"] = State(row) };
        for (var i = 0; i < nics.Count; i++) body[$"nic{i}_mac"] = nics[i].Mac;
        return body;
    }

    private static string State(ServerRow row) => row.Seen switch { Power.Running => "running", Power.Paused => "paused", Power.Suspended => "suspended", Power.Stopped => "shutdown", _ => "pending" };

    private static JsonObject Nulls(params string[] names) => new(names.Select(n => KeyValuePair.Create(n, (JsonNode?)null)));

    private static JsonObject Nic(PortView port)
    {
        var body = Nulls("rx_octets", "rx_errors", "rx_drop", "rx_packets", "rx_rate", "tx_octets", "tx_errors", "tx_drop", "tx_packets", "tx_rate");
        body["mac_address"] = port.Mac;
        return body;
    }

    private static JsonObject Cpu(int id)
    {
        var body = Nulls("time", "utilisation");
        body["id"] = id;
        return body;
    }

    private static JsonObject Standard(ServerRow row, IReadOnlyList<PortView> nics, int disks, HostView? host) => new()
    {
        ["state"] = State(row), ["driver"] = "libvirt", ["hypervisor"] = host?.Accelerator, ["hypervisor_os"] = "linux", ["uptime"] = null, ["config_drive"] = row.ConfigDrive,
        ["num_cpus"] = row.Vcpus, ["num_nics"] = nics.Count, ["num_disks"] = disks, ["memory_details"] = new JsonObject { ["maximum"] = row.RamMib, ["used"] = row.RamMib },
        ["cpu_details"] = new JsonArray([.. Enumerable.Range(0, row.Vcpus).Select(Cpu)]), ["nic_details"] = new JsonArray([.. nics.Select(Nic)]),
        ["disk_details"] = new JsonArray([.. Enumerable.Range(0, disks).Select(_ => Nulls("read_bytes", "read_requests", "write_bytes", "write_requests", "errors_count"))]),
    };

    /// <summary>One NUMA node with everything: guests of this cloud are not pinned.</summary>
    private Task<Answer> Topology(Call call) => database.Read(async q =>
    {
        var row = await ServerStore.Find(q, call.Actor, call["id"]);
        var node = new JsonObject { ["memory_mb"] = row.RamMib, ["siblings"] = new JsonArray(), ["vcpu_set"] = new JsonArray([.. Enumerable.Range(0, row.Vcpus).Select(i => (JsonNode)i)]) };
        if (call.Actor.IsAdmin) (node["host_node"], node["cpu_pinning"]) = (0, new JsonObject());
        return Answer.Ok(new JsonObject { ["nodes"] = new JsonArray(node), ["pagesize_kb"] = null });
    });
}
