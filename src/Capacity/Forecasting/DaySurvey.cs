using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Fleet.Public;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Capacity.Forecasting;

/// <summary>Looks once an hour at what there is, what is handed out and what is used, and keeps one row a day of it: what forecasts are made of.</summary>
internal sealed class DaySurvey(Database database, IHosts hosts, IRooms rooms, IServerFacts servers, IProjects projects, Neighbour neighbour) : IReconciler
{
    public const string Work = "capacity.day";
    public const long Kept = 800;
    private const long Day = 24 * 3_600_000, Zone = 8 * 3_600_000;
    private static readonly (string Class, string Resource)[] Classes = [("VCPU", "vcpus"), ("MEMORY_MB", "ram_mib"), ("DISK_GB", "disk_gib")];

    public static readonly IReadOnlyDictionary<string, string> Units = new Dictionary<string, string> { ["vcpus"] = "vCPU", ["ram_mib"] = "MiB", ["disk_gib"] = "GiB", ["addresses"] = "addresses" };

    public static long Today(long now) => (now + Zone) / Day;
    public static long Begins(long day) => day * Day - Zone;

    public string Kind => Work;
    public TimeSpan FullPass => TimeSpan.FromHours(1);

    public Task<IReadOnlyList<string>> Keys(Query q) => Task.FromResult<IReadOnlyList<string>>(["cloud"]);

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (seen, growth) = await database.Read(async q => (await Hosts(q), await Growth(q)), ct);
        if (await Addresses(ct) is { } addresses) seen.Add(addresses);
        await database.Write(Actor.System, async tx =>
        {
            var db = tx.Db<CapacityDb>();
            var day = Today(tx.Now);
            var known = await db.Days.Where(d => d.Day == day).ToDictionaryAsync(d => (d.Zone, d.Resource), ct);
            await db.Days.Where(d => d.Day == day || d.Day < day - Kept).ExecuteDeleteAsync(ct);
            foreach (var s in seen)
            {
                var (looks, before) = known.TryGetValue((s.Zone, s.Resource), out var old) ? (old.Looks, old.Used) : (0, null);
                db.Add(new DayRow { Day = day, Zone = s.Zone, Resource = s.Resource, Physical = s.Physical, Capacity = s.Capacity, Allocated = s.Allocated, Used = s.Used is { } used ? before is { } mean ? (mean * looks + used) / (looks + 1) : used : before, Looks = looks + 1 });
            }
            await db.Growth.Where(g => g.Day == day || g.Day < day - Kept).ExecuteDeleteAsync(ct);
            db.AddRange(growth.Select(g => new GrowthRow { Day = day, DomainId = g.Domain, Vcpus = g.Vcpus, RamMib = g.Ram, Servers = g.Servers }));
        }, ct);
        return Next.Done;
    }

    private sealed record Seen(string Zone, string Resource, long Physical, long Capacity, long Allocated, double? Used);

    private async Task<List<Seen>> Hosts(Query q)
    {
        var byId = (await hosts.All(q)).ToDictionary(h => h.Id);
        var all = (await rooms.All(q)).Where(r => byId.ContainsKey(r.HostId)).ToLookup(r => r.Class);
        var seen = new List<Seen>();
        foreach (var (name, resource) in Classes)
            foreach (var zone in all[name].GroupBy(r => byId[r.HostId].Zone).Select(g => (g.Key, Rooms: g.ToList())).Append(("", all[name].ToList())))
                seen.Add(new Seen(zone.Item1, resource, zone.Item2.Sum(r => r.Total), zone.Item2.Sum(r => r.Capacity), zone.Item2.Sum(r => r.Used), Used(resource, [.. zone.Item2.Select(r => byId[r.HostId]).Where(h => h.Alive)])));
        return seen;
    }

    private static double? Used(string resource, IReadOnlyList<HostView> alive) => alive.Count == 0 ? null : resource switch
    {
        "vcpus" => alive.Sum(h => h.CpuPercent / 100 * h.Vcpus), "ram_mib" => alive.Sum(h => (double)h.MemoryUsedMib), _ => alive.Sum(h => (double)h.DiskUsedGib),
    };

    /// <summary>Addresses of the outer networks, as Neutron tells.</summary>
    private async Task<Seen?> Addresses(CancellationToken ct)
    {
        var outer = await Ask("/networks", "networks", ct);
        var ids = outer.Where(n => (bool?)n!["router:external"] == true).Select(n => (string)n!["id"]!).ToHashSet();
        if (ids.Count == 0) return null;
        var mine = (await Ask("/network-ip-availabilities", "network_ip_availabilities", ct)).Where(n => ids.Contains((string)n!["network_id"]!)).SelectMany(n => n!["subnet_ip_availability"]!.AsArray()).Where(s => (int)s!["ip_version"]! == 4).ToList();
        if (mine.Count == 0) return null;
        var (total, used) = (mine.Sum(s => long.Parse(s!["total_ips"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture)), mine.Sum(s => (long)s!["used_ips"]!));
        return new Seen("", "addresses", total, total, used, used);
    }

    private async Task<JsonArray> Ask(string path, string member, CancellationToken ct)
    {
        var (answer, _) = await neighbour.Do(Actor.System, "neutron", "GET", path, new JsonObject(), null, ct);
        return ((JsonObject)answer.Body!)[member]!.AsArray();
    }

    private async Task<IReadOnlyList<(string Domain, long Vcpus, long Ram, long Servers)>> Growth(Query q)
    {
        var all = await servers.All(q);
        var owners = await projects.Find(q, [.. all.Select(s => s.ProjectId).Distinct()]);
        return [.. all.Where(s => owners.ContainsKey(s.ProjectId)).GroupBy(s => owners[s.ProjectId].DomainId).Select(g => (g.Key, g.Sum(s => (long)s.Vcpus), g.Sum(s => (long)s.RamMib), g.LongCount()))];
    }
}
