using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Making;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Consolidation.Safety;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Clusters;

/// <summary>/xiangyun/v1/consolidation/clusters: how each stands now, and one's last day: use, hosts on, energy (estimated), moves, and what servers were given against what they use.</summary>
internal sealed class ClusterApi(Database database, IHosts hosts, IServers servers, IRooms rooms, PolicyStore policies, ITelemetry telemetry, IPowerCurves power) : IApi
{
    private const long Five = 300_000, Day = 24 * 3_600_000;
    private const int MostServers = 5000;

    public Service Service => ConsolidationModule.Service;

    public void Map(Routes r)
    {
        r.Get("/consolidation/clusters", "consolidation:read", call => database.Read(async q =>
        {
            var (all, placed, there, policy, curve) = (await hosts.All(q), await servers.Placed(q), await rooms.All(q), await policies.All(q), await power.Read(q));
            var wires = new JsonArray();
            foreach (var zone in all.GroupBy(h => h.Zone).OrderBy(z => z.Key, StringComparer.Ordinal)) wires.Add(await Now(q, zone.Key, [.. zone], placed, there, policy[zone.Key], curve));
            return Answer.Ok(new JsonObject { ["clusters"] = wires });
        }, call.Stop));
        r.Get("/consolidation/clusters/{cluster}", "consolidation:read", One);
    }

    private static async Task<JsonObject> Now(Query q, string cluster, List<HostView> mine, IReadOnlyList<PlacedServer> placed, IReadOnlyList<Room> there, Policy policy, Func<HostView, PowerCurve> curve)
    {
        var (on, ids, db) = (mine.Where(h => h.Alive).ToList(), mine.Select(h => h.Id).ToHashSet(), q.Db<ConsolidationDb>());
        var here = placed.Where(s => ids.Contains(s.HostId)).ToList();
        var (all, used) = (on.Sum(h => h.Vcpus), on.Sum(h => h.CpuPercent / 100 * h.Vcpus));
        long? Left(string name) => policy.ReserveHosts == 0 ? null : Survival.Left(there.Where(r => r.Class == name && on.Exists(h => h.Id == r.HostId && h.TakesServers)).Select(r => (r.Capacity, r.Used)), policy.ReserveHosts);
        var (vcpu, memory) = (Left("VCPU"), Left("MEMORY_MB"));
        return new JsonObject
        {
            ["cluster"] = cluster, ["simulated"] = mine.Exists(h => h.Simulated), ["aim"] = policy.Aim, ["hosts"] = mine.Count, ["hosts_on"] = on.Count, ["hosts_used"] = here.Select(s => s.HostId).Distinct().Count(),
            ["servers"] = here.Count, ["movable"] = here.Count(s => s.Stays is null), ["vcpus"] = all, ["vcpus_booked"] = here.Sum(s => s.Vcpus), ["vcpus_used"] = Math.Round(used, 1), ["cpu_percent"] = all == 0 ? null : Math.Round(100 * used / all, 1),
            ["memory_mib"] = on.Sum(h => h.MemoryMib), ["memory_booked_mib"] = here.Sum(s => (long)s.RamMib), ["watts"] = Math.Round(on.Sum(h => curve(h).At(h.CpuPercent / 100))),
            ["reserve_hosts"] = policy.ReserveHosts, ["reserve_holds"] = vcpu is null ? null : vcpu >= 0 && memory >= 0, ["reserve_left_vcpus"] = vcpu, ["reserve_left_mib"] = memory,
            ["breaches"] = await db.Breaches.CountAsync(b => b.Cluster == cluster && b.EndedAt == null), ["plan_id"] = await PlanState.Going(db).Where(p => p.Cluster == cluster).OrderByDescending(p => p.Id).Select(p => p.Id).FirstOrDefaultAsync(),
            ["drafts"] = await PlanState.Where(db, PlanState.Draft).CountAsync(p => p.Cluster == cluster), ["round"] = await db.Rounds.Where(r => r.Cluster == cluster).Select(r => r.Words).SingleOrDefaultAsync(), ["round_at"] = Clock.Seconds(await db.Rounds.Where(r => r.Cluster == cluster).Select(r => (long?)r.At).SingleOrDefaultAsync()),
        };
    }

    private async Task<Answer> One(Call call)
    {
        var cluster = call["cluster"];
        var (now, mine, here, moves, curve) = await database.Read(async q =>
        {
            var zone = (await hosts.All(q)).Where(h => h.Zone == cluster).ToList();
            if (zone.Count == 0) throw CloudError.NotFound($"There is no cluster {cluster}.");
            var (placed, curves) = (await servers.Placed(q), await power.Read(q));
            var (ids, since, db) = (zone.Select(h => h.Id).ToHashSet(), q.Now - Day, q.Db<ConsolidationDb>());
            var done = await db.Moves.Where(m => m.EndedAt > since && m.Outcome == MoveRow.Done).Join(db.Plans.Where(p => p.Cluster == cluster), m => m.PlanId, p => p.Id, (m, p) => m.EndedAt!.Value).ToListAsync(call.Stop);
            return (await Now(q, cluster, zone, placed, await rooms.All(q), await policies.Of(q, cluster), curves), zone, placed.Where(s => ids.Contains(s.HostId)).ToList(), done, curves);
        }, call.Stop);
        var histories = new List<(HostView Host, IReadOnlyList<UsePoint> Points)>();
        foreach (var host in mine) histories.Add((host, await telemetry.History("host:" + host.Id, month: false)));
        now["history"] = Curve(histories, curve);
        now["moves"] = new JsonArray([.. moves.GroupBy(at => at / Five * Five).OrderBy(g => g.Key).Select(g => (JsonNode)new JsonArray(g.Key, g.Count()))]);
        now["scatter"] = new JsonArray([.. here.OrderByDescending(s => s.Vcpus).Take(MostServers).Select(s => (s, Use: telemetry.Now(s.Id))).Where(s => s.Use is not null).Select(s => (JsonNode)new JsonArray(s.s.Vcpus, Math.Round(s.Use!.CpuBusy + (s.Use.CpuWait ?? 0), 2), s.s.Name, s.s.Id))]);
        return Answer.Ok(new JsonObject { ["cluster"] = now });
    }

    /// <summary>[milliseconds, CPU % of the hosts that told of themselves, how many did, kWh of these five minutes (estimated)]</summary>
    private static JsonArray Curve(List<(HostView Host, IReadOnlyList<UsePoint> Points)> histories, Func<HostView, PowerCurve> curve)
    {
        var slots = new SortedDictionary<long, (double Busy, int Vcpus, int On, double Watts)>();
        foreach (var (host, points) in histories)
        {
            var watts = curve(host);
            foreach (var p in points.Where(p => p.CpuPercent is not null))
            {
                var s = slots.GetValueOrDefault(p.At);
                slots[p.At] = (s.Busy + p.CpuPercent!.Value / 100 * host.Vcpus, s.Vcpus + host.Vcpus, s.On + 1, s.Watts + watts.At(p.CpuPercent.Value / 100));
            }
        }
        return [.. slots.Select(s => (JsonNode)new JsonArray(s.Key, Math.Round(100 * s.Value.Busy / Math.Max(1, s.Value.Vcpus), 2), s.Value.On, Math.Round(s.Value.Watts / 12_000, 4)))];
    }
}
