using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Compute.Servers;

/// <summary>
/// Watches over one server: marks it launched when its host runs it and its ports are up, names what is missing when that
/// takes too long, takes the fault back when it comes right after all, and purges rows of long deleted servers.
/// </summary>
internal sealed class ServerReconciler(Database database, IPorts ports, IHosts hosts, IImages images, ShelveActions shelves, ServerRemoval removal, LiveMoves moves, TimeProvider clock) : IReconciler
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PortLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public string Kind => ServerStore.WorkKind;

    public async Task<IReadOnlyList<string>> Keys(Query q)
    {
        var old = clock.Ms() - (long)Retention.TotalMilliseconds;
        return await q.Db<ComputeDb>().Servers.Where(s => s.DeletedAt == null && s.HostId != null && (s.LaunchedAt == null || s.Want != s.Seen || s.SeenGeneration < s.Generation
            || s.RebootCount > s.SeenRebootCount || s.RebuildCount > s.SeenRebuildCount || s.Fault != null || s.Shelved || s.ShelfImageId != null) || s.DeletedAt < old).Select(s => s.Id).ToListAsync();
    }

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var (row, nics, host) = await database.Read(async q =>
        {
            var found = await q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == id, ct);
            return (found, found is null ? [] : await ports.OfServer(q, id), found?.HostId is { } h ? await hosts.Find(q, h) : null);
        }, ct);
        if (row?.DeletedAt is { } deleted) return await Purge(row, deleted);
        if (row?.HostId is null) return Next.Done;
        if (row.Want == Power.Gone) return await Leaving(row, host);
        if (Before.Of(row) is { Live: true } before && !ServerStatus.Settled(row)) return await moves.Watch(row, before);
        var down = row.LaunchedAt is null && row.Seen == Power.Running ? nics.Where(p => p.AdminStateUp && p.Status != "ACTIVE").ToList() : [];
        if (!ServerStatus.Settled(row) || down.Count > 0) return await Waiting(row, down, host);
        if (await database.Read(q => q.Db<ComputeDb>().Actions.AnyAsync(a => a.ServerId == id && a.FinishedAt == null), ct)) await database.Write(Actor.System, tx => ServerActionRow.Finish(tx, id), ct);
        if (row.Shelved) return await Shelved(row);
        return row.LaunchedAt is not null && (row.Fault is null or PowerActions.SetByAdministrator) && row.ShelfImageId is null && row.ChangeWhy.Length == 0 ? Next.Done : await Launched(row);
    }

    /// <summary>What was wanted is there: what was only needed on the way is let go.</summary>
    private async Task<Next> Launched(ServerRow row)
    {
        var fault = row.Fault == PowerActions.SetByAdministrator ? row.Fault : null;
        await database.Write(Actor.System, async tx =>
        {
            var changed = await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation && s.DeletedAt == null).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.LaunchedAt, x => x.LaunchedAt ?? tx.Now).SetProperty(x => x.Fault, fault).SetProperty(x => x.FaultAt, x => fault == null ? null : x.FaultAt)
                .SetProperty(x => x.ChangeWhy, "").SetProperty(x => x.ShelfImageId, (string?)null).SetProperty(x => x.UpdatedAt, tx.Now));
            if (changed == 0) return;
            if (Before.Of(row) is { Live: true } before) await moves.Arrived(tx, row, before);
            await Migrations.Arrived(tx, row.Id);
            if (row.ShelfImageId is { } shelf) await images.Delete(tx, shelf);
        });
        return Next.Done;
    }

    /// <summary>A server that boots from a volume keeps nothing on its host: it is offloaded as soon as it has stopped.</summary>
    private async Task<Next> Shelved(ServerRow row)
    {
        if (row.ImageId is null && row.ShelfFull) await database.Write(Actor.System, tx => shelves.Offload(tx, row));
        return Next.Done;
    }

    private async Task<Next> Waiting(ServerRow row, List<PortView> down, HostView? host)
    {
        var waited = TimeSpan.FromMilliseconds(clock.Ms() - row.WantedAt);
        var running = down.Count > 0;
        if (row.SeenFault is not null || row.Fault is not null) return Next.Done; // news of the host wakes this again
        if (waited < (running ? PortLimit : BuildLimit)) return Next.In(TimeSpan.FromSeconds(running ? 2 : 10));
        var why = running ? $"The server runs, but these ports did not come up within {PortLimit.TotalSeconds:F0} s: {string.Join("; ", down.Select(p => $"{p.Id} ({p.Fault ?? p.Status})"))}."
            : host is not { Alive: true } ? $"Its host does not answer{(host is { SeenAt: > 0 } h ? $" since {Clock.Seconds(h.SeenAt)}" : "")}; the server {(row.LaunchedAt is null ? "is built" : "follows")} when it is back."
            : $"Its host did not finish within {BuildLimit.TotalMinutes:F0} minutes; it was last busy with: {(row.SeenProgress.Length > 0 ? row.SeenProgress : "nothing yet")}.";
        await database.Write(Actor.System, tx => tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Fault, why).SetProperty(x => x.FaultAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)));
        return Next.Done;
    }

    private async Task<Next> Leaving(ServerRow row, HostView? host)
    {
        if (row.Seen != Power.Gone && host is { Alive: true }) return Next.In(TimeSpan.FromSeconds(10));
        await database.Write(Actor.System, tx => removal.Finish(tx, row.Id));
        return Next.Done;
    }

    private async Task<Next> Purge(ServerRow row, long deletedAt)
    {
        if (deletedAt > clock.Ms() - (long)Retention.TotalMilliseconds) return Next.Done;
        await database.Write(Actor.System, async tx =>
        {
            await tx.Db<ComputeDb>().Actions.Where(a => a.ServerId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ComputeDb>().Tags.Where(t => t.ServerId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ComputeDb>().GroupMembers.Where(m => m.ServerId == row.Id).ExecuteDeleteAsync();
            await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.DeletedAt != null).ExecuteDeleteAsync();
        });
        return Next.Done;
    }
}
