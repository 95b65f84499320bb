using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Hypervisors;

/// <summary>Hosts as Nova shows them: by number before 2.53 and by id since; since 2.88 without what Placement tells.</summary>
internal sealed class HypervisorApi(Database database, ComputeHosts hosts, TimeProvider clock) : IApi
{
    private const string Rule = "compute:hypervisors";

    public Service Service => Nova.Service;

    public void Map(Routes r)
    {
        r.Get("/os-hypervisors", Rule, call => List(call, detail: false));
        r.Get("/os-hypervisors/detail", Rule, call => List(call, detail: true));
        r.Get("/os-hypervisors/statistics", Rule, Nova.Until(88, Statistics));
        r.Get("/os-hypervisors/{id}", Rule, Show);
        r.Get("/os-hypervisors/{id}/uptime", Rule, Nova.Until(88, Uptime));
        r.Get("/os-hypervisors/{id}/search", Rule, Nova.Until(53, call => Matching(call, withServers: false)));
        r.Get("/os-hypervisors/{id}/servers", Rule, Nova.Until(53, call => Matching(call, withServers: true)));
    }

    private async Task<Answer> List(Call call, bool detail)
    {
        Nova.OnlyQuery(call, 53, "limit", "marker", "hypervisor_hostname_pattern", "with_servers");
        var found = (await hosts.All()).AsEnumerable();
        if (call.AtLeast(53) && call.QueryOr("hypervisor_hostname_pattern") is { } pattern)
        {
            if (call.QueryOr("limit") is not null || call.QueryOr("marker") is not null) throw CloudError.Invalid("Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.");
            found = found.Where(h => h.Hostname.Contains(pattern, StringComparison.Ordinal)).ToList();
            if (!found.Any()) throw CloudError.NotFound($"No hypervisor matching '{pattern}' could be found.");
        }
        var (rows, more) = call.AtLeast(33) ? Page([.. found], call) : ([.. found], false);
        var around = await Around(rows, detail, call.AtLeast(53) && call.QueryFlag("with_servers") && call.QueryOr("with_servers") is not null);
        var body = new JsonObject { ["hypervisors"] = new JsonArray([.. rows.Select(h => detail ? HypervisorWire.Detail(h, around, call) : HypervisorWire.Short(h, around, call))]) };
        if (more) body["hypervisors_links"] = call.NextLinks(HypervisorWire.Id(rows[^1], call).ToString());
        return Answer.Ok(body);
    }

    private static (List<ComputeHost> Rows, bool More) Page(List<ComputeHost> all, Call call)
    {
        var page = call.Page();
        var start = page.Marker is null ? 0 : all.FindIndex(h => HypervisorWire.Id(h, call).ToString() == page.Marker) + 1;
        if (page.Marker is not null && start == 0) throw Nova.BadMarker(page.Marker);
        return (all.Skip(start).Take(page.Limit).ToList(), all.Count > start + page.Limit && page.Limit > 0);
    }

    /// <summary>What is on the hosts: taken processors, and the servers when they are shown.</summary>
    private Task<HostContents> Around(IReadOnlyList<ComputeHost> rows, bool taken, bool servers) => database.Read(async q =>
    {
        var ids = rows.Select(h => h.Id).ToList();
        var on = q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null && s.HostId != null && ids.Contains(s.HostId));
        var vcpus = taken ? await on.GroupBy(s => s.HostId!).Select(g => new { g.Key, Vcpus = g.Sum(s => (long)s.Vcpus) }).ToDictionaryAsync(g => g.Key, g => g.Vcpus) : [];
        return new HostContents(vcpus, servers ? (await on.OrderBy(s => s.Id).Select(s => new { s.HostId, s.Id }).ToListAsync()).ToLookup(s => s.HostId!, s => s.Id) : null);
    });

    private async Task<ComputeHost> Find(Call call)
    {
        var id = call["id"];
        return (await hosts.All()).FirstOrDefault(h => HypervisorWire.Id(h, call).ToString() == id) ?? throw CloudError.NotFound($"Hypervisor with ID '{id}' could not be found.");
    }

    private async Task<Answer> Show(Call call)
    {
        Nova.OnlyQuery(call, 53, "with_servers");
        var host = await Find(call);
        var around = await Around([host], true, call.AtLeast(53) && call.QueryFlag("with_servers") && call.QueryOr("with_servers") is not null);
        return Answer.Ok(new JsonObject { ["hypervisor"] = HypervisorWire.Detail(host, around, call) });
    }

    private async Task<Answer> Uptime(Call call)
    {
        var host = await Find(call);
        var body = HypervisorWire.Short(host, HostContents.None, call);
        body["uptime"] = HypervisorWire.Uptime(host, clock.Ms());
        return Answer.Ok(new JsonObject { ["hypervisor"] = body });
    }

    private async Task<Answer> Matching(Call call, bool withServers)
    {
        var rows = (await hosts.All()).Where(h => h.Hostname.Contains(call["id"], StringComparison.Ordinal)).ToList();
        if (rows.Count == 0) throw CloudError.NotFound($"No hypervisor matching '{call["id"]}' could be found.");
        var around = await Around(rows, false, withServers);
        return Answer.Ok(new JsonObject { ["hypervisors"] = new JsonArray([.. rows.Select(h => HypervisorWire.Short(h, around, call))]) });
    }

    private async Task<Answer> Statistics(Call call)
    {
        var all = (await hosts.All()).Where(h => h.Host.Enabled).ToList();
        var around = await Around(all, true, false);
        return Answer.Ok(new JsonObject { ["hypervisor_statistics"] = HypervisorWire.Sum(all, around) });
    }
}
