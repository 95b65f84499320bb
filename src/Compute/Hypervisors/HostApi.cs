using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>os-hosts, which 2.43 took away: hosts with what they have, and whether they take new servers.</summary>
internal sealed class HostApi(Database database, ComputeHosts hosts, IHosts fleet) : IApi
{
    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-hosts", "compute:hypervisors", Nova.Until(43, List));
        r.Get("/os-hosts/{name}", "compute:hypervisors", Nova.Until(43, Show));
        r.Put("/os-hosts/{name}", "compute:manage_hosts", "host.update", Nova.Until(43, Update));
        foreach (var action in new[] { "startup", "shutdown", "reboot" }) r.Get("/os-hosts/{name}/" + action, "compute:manage_hosts", Nova.Until(43, Power));
    }

    private async Task<Answer> List(Call call)
    {
        var zone = call.QueryOr("zone");
        return Answer.Ok(new JsonObject
        {
            ["hosts"] = new JsonArray([.. (await hosts.All()).Where(h => string.IsNullOrEmpty(zone) || h.Host.Zone == zone)
                .Select(h => new JsonObject { ["host_name"] = h.Host.Name, ["service"] = "compute", ["zone"] = h.Host.Zone })]),
        });
    }

    private static JsonObject Resource(ComputeHost h, string project, long cpu, long memory, long disk) => new()
    {
        ["resource"] = new JsonObject { ["host"] = h.Host.Name, ["project"] = project, ["cpu"] = cpu, ["memory_mb"] = memory, ["disk_gb"] = disk },
    };

    private async Task<Answer> Show(Call call)
    {
        var host = await hosts.Named(call["name"]);
        var rows = await database.Read(q => q.Db<ComputeDb>().Servers.Where(s => s.HostId == host.Id && s.DeletedAt == null)
            .GroupBy(s => s.ProjectId).Select(g => new { g.Key, Cpu = g.Sum(s => (long)s.Vcpus), Memory = g.Sum(s => (long)s.RamMib), Disk = g.Sum(s => (long)s.DiskGib) }).OrderBy(g => g.Key).ToListAsync());
        var h = host.Host;
        return Answer.Ok(new JsonObject
        {
            ["host"] = new JsonArray([
                Resource(host, "(total)", h.Vcpus, h.MemoryMib, h.DiskGib), Resource(host, "(used_now)", rows.Sum(r => r.Cpu), h.MemoryUsedMib, h.DiskUsedGib),
                Resource(host, "(used_max)", rows.Sum(r => r.Cpu), rows.Sum(r => r.Memory), rows.Sum(r => r.Disk)), .. rows.Select(r => Resource(host, r.Key, r.Cpu, r.Memory, r.Disk)),
            ]),
        });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body();
        var (status, maintenance) = (body.OneOf("status", "enable", "disable"), body.OneOf("maintenance_mode", "enable", "disable"));
        body.Done();
        if (status is null && maintenance is null) throw CloudError.Invalid("Invalid input: status or maintenance_mode must be given.");
        var host = await hosts.Named(call["name"]);
        if (maintenance is not null) throw NotOffered("Maintenance mode");
        await database.Write(call.Actor, async tx =>
        {
            await fleet.Change(tx, host.Id, enabled: status == "enable");
            tx.Audit(call.Verb, "host", host.Id, null, new { host.Host.Name, status });
        });
        return Answer.Ok(new JsonObject { ["host"] = host.Host.Name, ["status"] = status == "enable" ? "enabled" : "disabled" });
    }

    private async Task<Answer> Power(Call call)
    {
        await hosts.Named(call["name"]);
        throw NotOffered("Power of hosts");
    }

    private static CloudError NotOffered(string what) => CloudError.Invalid($"{what} is not offered here; the operator switches hosts at /xiangyun/v1/hosts/ID/power and disables them at /os-services.");
}
