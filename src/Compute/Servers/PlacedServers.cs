using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>Servers, groups and dedicated hosts for the modules above that plan where servers shall be.</summary>
internal sealed class PlacedServers(IHosts hosts, IAttached attached) : IServers
{
    private const string Tenants = "filter_tenant_id";

    public async Task<IReadOnlyList<PlacedServer>> Placed(Query q)
    {
        var all = (await hosts.All(q)).ToDictionary(h => h.Id);
        var rows = await q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null && s.HostId != null).ToListAsync();
        var tied = await Tied(q, [.. rows.Where(s => all.GetValueOrDefault(s.HostId!) is { Simulated: false }).Select(s => s.Id)]);
        return [.. rows.Select(s => View(s, all.GetValueOrDefault(s.HostId!), tied))];
    }

    public async Task<PlacedServer?> Find(Query q, string id)
    {
        if (await q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == id && s.DeletedAt == null && s.HostId != null) is not { } row) return null;
        var host = await hosts.Find(q, row.HostId!);
        return View(row, host, await Tied(q, host is { Simulated: false } ? [id] : []));
    }

    /// <summary>Those with volumes, which are files of a real host.</summary>
    private async Task<HashSet<string>> Tied(Query q, IReadOnlyCollection<string> ids)
    {
        var tied = new HashSet<string>();
        foreach (var some in ids.Chunk(400)) tied.UnionWith((await attached.OfServers(q, some)).Select(v => v.Key));
        return tied;
    }

    public async Task<IReadOnlyList<PlacedGroup>> Groups(Query q)
    {
        var members = (await q.Db<ComputeDb>().GroupMembers.ToListAsync()).ToLookup(m => m.GroupId, m => m.ServerId);
        return [.. (await q.Db<ComputeDb>().Groups.ToListAsync()).Select(g => new PlacedGroup(g.Name, g.Policy.EndsWith("anti-affinity", StringComparison.Ordinal), (int)(g.MostPerHost ?? 1), [.. members[g.Id]])).Where(g => g.ServerIds.Count > 1)];
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Dedicated(Query q)
    {
        var db = q.Db<ComputeDb>();
        var kept = (await db.Aggregates.Where(a => a.Metadata.Contains(Tenants)).ToListAsync()).Select(a => (a.Id, Projects: Projects(a.Metadata))).Where(a => a.Projects.Count > 0).ToDictionary(a => a.Id, a => a.Projects);
        if (kept.Count == 0) return new Dictionary<string, IReadOnlySet<string>>();
        var ids = kept.Keys.ToList();
        return (await db.AggregateHosts.Where(m => ids.Contains(m.AggregateId)).ToListAsync()).GroupBy(m => m.HostId).ToDictionary(g => g.Key, g => (IReadOnlySet<string>)g.SelectMany(m => kept[m.AggregateId]).ToHashSet());
    }

    private static List<string> Projects(string metadata) =>
        [.. JsonSerializer.Deserialize<Dictionary<string, string>>(metadata)!.Where(m => m.Key.StartsWith(Tenants, StringComparison.Ordinal)).SelectMany(m => m.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static PlacedServer View(ServerRow s, HostView? host, HashSet<string> tied)
    {
        var status = ServerStatus.Of(s);
        var stays = host is { Simulated: false, MoveAddress: "" } ? $"its disk is a file on {host.Name}, which lets no guest go that runs (its agent has no --address)"
            : host is { Simulated: false } && tied.Contains(s.Id) ? $"it has volumes, and those are files on {host.Name}"
            : status is { Status: "ACTIVE" or "PAUSED", TaskState: null } ? null
            : $"it is {status.Status}{(status.TaskState is { } task ? $" ({task})" : "")}: only what is ACTIVE or PAUSED moves while it runs";
        return new PlacedServer(s.Id, s.Name, s.ProjectId, s.HostId!, s.Vcpus, s.RamMib, s.DiskGib, status.Status, status.TaskState, s.Fault ?? s.SeenFault, stays);
    }
}
