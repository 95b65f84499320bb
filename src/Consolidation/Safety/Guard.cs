using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Public;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Safety;

/// <summary>
/// Looks at every sample of every host: when a guest waits longer for its processors, or a host for memory, than its cluster's policy promises, that is
/// written down, plans of the cluster stop in the same transaction, and the host is rescued. What is over is closed with the next sample.
/// </summary>
internal sealed class Guard(Database database, Promises promises, PlanBook book, IServers servers) : IUseIntake
{
    private sealed class Watch
    {
        public bool Known;
        public Dictionary<(string?, string), int> Streaks = [];
        public HashSet<(string?, string)> Open = [];
    }

    private readonly ConcurrentDictionary<string, Watch> _hosts = new();

    /// <summary>Samples of one host come one after the other.</summary>
    public async Task Take(string hostId, int vcpus, long memoryMib, Seen seen)
    {
        var watch = _hosts.GetOrAdd(hostId, _ => new Watch());
        if (await promises.Of(hostId) is not var (cluster, slo))
        {
            if (watch.Open.Count > 0) await Close(hostId, watch, watch.Open);
            return;
        }
        if (!watch.Known) await Recall(hostId, watch);
        var over = Measured.Over(slo, seen);
        watch.Streaks = over.ToDictionary(e => (e.ServerId, e.Kind), e => watch.Streaks.GetValueOrDefault((e.ServerId, e.Kind)) + 1);
        var lasting = over.Where(e => watch.Streaks[(e.ServerId, e.Kind)] >= slo.Samples && !watch.Open.Contains((e.ServerId, e.Kind))).ToList();
        var past = watch.Open.Where(o => !watch.Streaks.ContainsKey(o)).ToHashSet();
        if (past.Count > 0) await Close(hostId, watch, past);
        if (lasting.Count > 0) await Open(cluster, hostId, watch, lasting);
    }

    private async Task Open(string cluster, string hostId, Watch watch, List<Excess> over)
    {
        await database.Write(Actor.System, async tx =>
        {
            await tx.Lock("consolidation.breach:" + hostId);
            var db = tx.Db<ConsolidationDb>();
            var known = await db.Breaches.Where(b => b.HostId == hostId && b.EndedAt == null).Select(b => new { b.ServerId, b.Kind }).ToListAsync();
            var stopped = new List<string>();
            foreach (var plan in await PlanState.Going(db).Where(p => p.Cluster == cluster && p.Kind == PlanKinds.Plan).ToListAsync())
                if (await book.Stop(tx, plan, "guard", $"A promise was broken on a host of {cluster}: {over[0].Kind} {over[0].Value:F1}, promised at most {over[0].Slo:F1}.")) stopped.Add(plan.Id);
            foreach (var excess in over.Where(e => !known.Exists(k => k.ServerId == e.ServerId && k.Kind == e.Kind)))
            {
                var server = excess.ServerId is { } id ? await servers.Find(tx, id) : null;
                var row = new BreachRow
                {
                    Id = Id.New(), Cluster = cluster, HostId = hostId, ServerId = excess.ServerId, ProjectId = server?.ProjectId, Kind = excess.Kind, Value = Math.Round(excess.Value, 2), Slo = excess.Slo, Since = tx.Now,
                    Did = stopped.Count > 0 ? $"stopped plan {string.Join(", ", stopped)}" : "",
                };
                db.Add(row);
                tx.Audit("consolidation.breach", "consolidation_breach", row.Id, row.ProjectId, new { cluster, hostId, row.ServerId, row.Kind, row.Value, row.Slo });
            }
            tx.Wake(ConsolidationModule.RescueWork, hostId);
        });
        watch.Open.UnionWith(over.Select(e => (e.ServerId, e.Kind)));
    }

    private async Task Close(string hostId, Watch watch, HashSet<(string? ServerId, string Kind)> past)
    {
        var gone = past.ToList();
        await database.Write(Actor.System, async tx =>
        {
            var now = tx.Now;
            foreach (var (serverId, kind) in gone)
                await tx.Db<ConsolidationDb>().Breaches.Where(b => b.HostId == hostId && b.ServerId == serverId && b.Kind == kind && b.EndedAt == null).ExecuteUpdateAsync(s => s.SetProperty(b => b.EndedAt, now));
        });
        watch.Open.ExceptWith(gone);
    }

    /// <summary>What was open before this server process began.</summary>
    private async Task Recall(string hostId, Watch watch)
    {
        watch.Open = [.. (await database.Read(q => q.Db<ConsolidationDb>().Breaches.Where(b => b.HostId == hostId && b.EndedAt == null).Select(b => new { b.ServerId, b.Kind }).ToListAsync())).Select(b => (b.ServerId, b.Kind))];
        watch.Known = true;
    }
}
