using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Network.Fabric;

/// <summary>
/// Looks for what is in the fabric and in no row: left by a lost deletion or an older life of the database. It is removed
/// when it is still unwanted after a grace period, so that a fresh row on another server is never mistaken for none.
/// </summary>
internal sealed class SweepReconciler(Database database, INetworkFabric fabric, TimeProvider clock, ILogger<SweepReconciler> log) : IReconciler
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<FabricObject, long> _firstSeen = new();

    public string Kind => NetworkWork.Sweep;
    public TimeSpan FullPass => TimeSpan.FromMinutes(2);

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var there = await fabric.All(ct);
        var wanted = await database.Read(Wanted, ct);
        var orphans = there.Where(o => !wanted.Contains(o)).ToHashSet();
        foreach (var known in _firstSeen.Keys.Where(k => !orphans.Contains(k))) _firstSeen.TryRemove(known, out _);
        foreach (var orphan in orphans)
        {
            if (_firstSeen.TryAdd(orphan, clock.Ms())) log.OrphanFound(orphan.Kind.ToString(), orphan.Id, Grace.TotalMinutes);
            if (clock.Ms() - _firstSeen[orphan] < Grace.TotalMilliseconds) continue;
            await fabric.EnsureGone(orphan, ct);
            log.OrphanRemoved(orphan.Kind.ToString(), orphan.Id);
        }
        return Next.Done;
    }

    private static async Task<HashSet<FabricObject>> Wanted(Query q)
    {
        var db = q.Db<NetworkDb>();
        return
        [
            new FabricObject(FabricKind.Group, FixedGroups.Drop),
            .. (await db.Networks.Select(r => r.Id).ToListAsync()).Select(id => new FabricObject(FabricKind.Network, id)),
            .. (await db.Ports.Select(r => r.Id).ToListAsync()).Select(id => new FabricObject(FabricKind.Port, id)),
            .. (await db.Routers.Select(r => r.Id).ToListAsync()).Select(id => new FabricObject(FabricKind.Router, id)),
            .. (await db.Groups.Select(r => r.Id).ToListAsync()).Select(id => new FabricObject(FabricKind.Group, id)),
        ];
    }

    public Task<IReadOnlyList<string>> Keys(Query q) => Task.FromResult<IReadOnlyList<string>>(["fabric"]);
}
