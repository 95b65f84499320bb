using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Optimizer.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>
/// Puts together what the planner needs: hosts of Fleet, servers of Compute, bookings of Placement, a day of use of Telemetry, and the bounds of the
/// policy. Hosts that do not answer are left out with their servers, unless they were switched off on purpose: those can be woken.
/// </summary>
internal sealed class EstateReader(Database database, IHosts hosts, IServers servers, IRooms rooms, ITelemetry telemetry, Spent spent, IPowerCurves power)
{
    public const double Mips = 1000; // of each processor: their speeds are not known, so all count alike
    private const double Spare = 1.1, NicGbit = 10;
    private static readonly string[] Classes = ["VCPU", "MEMORY_MB", "DISK_GB"];

    /// <param name="rescue">Budgets of a day do not bind.</param>
    public async Task<Estate> Read(string cluster, Policy policy, CancellationToken ct, bool rescue = false)
    {
        var (all, placed, groups, dedicated, there, booked, begun, curve) = await database.Read(async q => (await hosts.All(q), await servers.Placed(q), await servers.Groups(q), await servers.Dedicated(q), await rooms.All(q), await rooms.BookedBy(q), rescue ? Spent.Nothing : await spent.Today(q), await power.Read(q)), ct);
        var here = all.Where(h => h.Zone == cluster && (h.Alive || Power.IsOff(h)) && h.Vcpus > 0).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var number = here.Select((h, i) => (h.Id, i)).ToDictionary(p => p.Id, p => p.i);
        var mine = placed.Where(s => number.ContainsKey(s.HostId)).OrderBy(s => s.Id, StringComparer.Ordinal).ToList();
        var (vms, use) = (new List<VmShape>(), new List<double>());
        var histories = new List<IReadOnlyList<UsePoint>>();
        foreach (var server in mine)
        {
            var (history, now) = (await telemetry.History(server.Id, month: false), telemetry.Now(server.Id));
            histories.Add(history);
            var memory = history.Max(p => p.MemoryPercent) is { } percent ? Math.Max(percent / 100 * server.RamMib, now?.UsedMib ?? 0) : server.RamMib;
            double Booked(string name) => booked[server.Id].Where(b => b.Class == name && b.HostId == server.HostId).Sum(b => b.Amount);
            vms.Add(new VmShape(server.Name, server.Vcpus * Mips, server.RamMib) { Cores = server.Vcpus, WorkingMb = Math.Min(server.RamMib, memory * Spare), Books = [.. Classes.Select(Booked)] });
            use.Add(now is null ? history.LastOrDefault(p => p.CpuPercent is not null)?.CpuPercent / 100 * server.Vcpus ?? 0 : Math.Min(server.Vcpus, now.CpuBusy + (now.CpuWait ?? 0)));
        }
        var hostOf = mine.Select(s => number[s.HostId]).ToList();
        var (byClass, ours) = (there.ToDictionary(r => (r.HostId, r.Class)), new double[here.Count, Classes.Length]);
        for (var v = 0; v < vms.Count; v++) for (var k = 0; k < Classes.Length; k++) ours[hostOf[v], k] += vms[v].Books[k];
        // what others than these servers have booked there is not on offer
        double Offer(string hostId, int host, int k) => byClass.TryGetValue((hostId, Classes[k]), out var room) ? room.Capacity - Math.Max(0, room.Used - ours[host, k]) : 0;
        var shapes = here.Select((h, i) => new HostShape(h.Name, h.Vcpus, Mips, h.MemoryMib - Math.Min(512, h.MemoryMib / 10), NicGbit, curve(h).Watts) { Offers = [.. Enumerable.Range(0, Classes.Length).Select(k => Offer(h.Id, i, k))] }).ToList();
        var byId = mine.Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i);
        List<int> Numbers(IReadOnlyList<string> ids) => [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
        var stays = Stays(mine, [.. groups.Where(g => !g.Apart).Select(g => (g.Name, Numbers(g.ServerIds)))], begun, policy);
        var limits = new Limits
        {
            MayUse = MayUse(here, mine, dedicated, policy), Pinned = stays.Keys.ToHashSet(), Closed = here.Index().Where(h => !h.Item.Enabled).Select(h => h.Index).ToHashSet(),
            Apart = [.. groups.Where(g => g.Apart).Select(g => new Apart(g.Most, Numbers(g.ServerIds))).Where(a => a.Vms.Count > 1)],
            MovesOfHost = [.. here.Select(h => Math.Max(0, policy.Budget.PerHostDay - begun.OfHost(h.Id)))],
        };
        var (profiles, evidence) = Past.Of(histories, use, mine);
        return new Estate(cluster, new State(shapes, vms, hostOf, RamBinds: true) { Limits = limits }, profiles, here, mine, stays, use, evidence, Shortage.Of((await telemetry.Shortages([.. here.Select(h => h.Id)])).Values));
    }

    private static Dictionary<int, string> Stays(List<PlacedServer> mine, IReadOnlyList<(string Name, List<int> Servers)> together, Spent.Of begun, Policy policy)
    {
        var stays = new Dictionary<int, string>();
        foreach (var (i, server) in mine.Index())
            if (server.Stays is { } why) stays[i] = why;
            else if (begun.OfServer(server.Id) >= policy.Budget.PerVmDay) stays[i] = $"it was moved {begun.OfServer(server.Id)} time(s) within a day, which is its budget";
        foreach (var group in together.Where(g => g.Servers.Count > 1))
            foreach (var i in group.Servers) stays.TryAdd(i, $"its group {group.Name} keeps it with others on one host");
        return stays;
    }

    /// <summary>Simulated stays simulated; kept hosts take their own projects; a server that fits into one NUMA node goes where it does so again.</summary>
    private static List<IReadOnlySet<int>?> MayUse(List<HostView> here, List<PlacedServer> mine, IReadOnlyDictionary<string, IReadOnlySet<string>> dedicated, Policy policy)
    {
        var sets = new Dictionary<(string Project, bool Simulated, int Vcpus, int RamMib), IReadOnlySet<int>>();
        var host = here.ToDictionary(h => h.Id);
        bool OneNode(HostView h, PlacedServer s) => s.Vcpus <= h.Vcpus / policy.NumaNodes && s.RamMib <= h.MemoryMib / policy.NumaNodes;
        return [.. mine.Select(s =>
        {
            var own = host[s.HostId];
            var key = (dedicated.Count == 0 ? "" : s.ProjectId, own.Simulated, policy.NumaNodes == 1 ? 0 : s.Vcpus, policy.NumaNodes == 1 ? 0 : s.RamMib);
            if (!sets.TryGetValue(key, out var set))
                sets[key] = set = here.Index().Where(h => h.Item.Simulated == own.Simulated && (!dedicated.TryGetValue(h.Item.Id, out var projects) || projects.Contains(s.ProjectId)) && (OneNode(h.Item, s) || !OneNode(own, s))).Select(h => h.Index).ToHashSet();
            return set;
        })];
    }
}
