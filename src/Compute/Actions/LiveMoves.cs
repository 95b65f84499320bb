using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Moves a server with memory and disk while it runs. The new host is the server's own at once, and makes a disk ready; the old one runs it until then, as a
/// <see cref="PlaceRow"/>, and sends it over when the new one awaits it. When it runs there the old place is removed; when it could not leave it stays as if
/// nothing had been. Who holds the guest decides: it is taken back only when the old host says that it still runs there, or neither has it for a while.
/// </summary>
internal sealed class LiveMoves(Database database, IAllocations allocations, IPorts ports, IHosts hosts, Moving moving, TimeProvider clock)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, long> _nowhere = new();

    public async Task Begin(Tx tx, ServerRow row, string? host)
    {
        var before = Before.Now(row, Id.New()) with { Live = true };
        await allocations.Transfer(tx, row.Id, before.MigrationId);
        var target = (await moving.Elsewhere(tx, row, await moving.Demand(tx, row), host, live: true)).HostId;
        await ServerStore.Want(tx, row, "live-migration", "server.live_migrate", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.ResizeFrom, before.Text()).SetProperty(x => x.HostId, target).SetProperty(x => x.Seen, Power.Unseen)
            .SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { from = row.HostId, to = target }, Changes.LiveMigrate);
        await Migrations.Add(tx, row, before.MigrationId, MigrationRow.Live, target, row.FlavorId);
        await Places.Depart(tx, row, target, Power.Running);
        await ports.Moves(tx, row.Id, target);
    }

    /// <summary>It runs on its new host.</summary>
    public async Task Arrived(Tx tx, ServerRow row, Before before)
    {
        await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ResizeFrom, (string?)null));
        await allocations.Release(tx, before.MigrationId);
        await Places.Clear(tx, row.Id);
        await ports.Bind(tx, row.Id, row.HostId);
        tx.Wake(FleetWork.Host, row.HostId!);
    }

    /// <summary>It has not arrived yet: may it still?</summary>
    public async Task<Next> Watch(ServerRow row, Before before)
    {
        var (place, here, there) = await database.Read(async q => (await q.Db<ComputeDb>().Places.SingleOrDefaultAsync(p => p.ServerId == row.Id && p.HostId == before.HostId && p.Want == Power.Running),
            await hosts.Find(q, before.HostId), await hosts.Find(q, row.HostId!)));
        if (place is null) return Next.In(Soon);
        if (Why(row, place, here, there) is not { } why) return Next.In(Soon);
        await database.Write(Actor.System, tx => Stay(tx, row, before, place, why));
        _nowhere.TryRemove(row.Id, out _);
        return Next.Done;
    }

    private string? Why(ServerRow row, PlaceRow place, HostView? here, HostView? there)
    {
        var lost = 0L;
        if (LiveMoveRules.Nowhere(row, place, here, there)) lost = clock.Ms() - _nowhere.GetOrAdd(row.Id, _ => clock.Ms());
        else _nowhere.TryRemove(row.Id, out _);
        return LiveMoveRules.WhyBack(row, place, here?.Name, there?.Name, clock.Ms() - row.WantedAt, lost);
    }

    private async Task Stay(Tx tx, ServerRow row, Before before, PlaceRow place, string why)
    {
        var changed = await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation && s.ResizeFrom == row.ResizeFrom && s.Seen == row.Seen && s.DeletedAt == null).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, x => x.Generation + 1).SetProperty(x => x.HostId, before.HostId).SetProperty(x => x.ResizeFrom, (string?)null).SetProperty(x => x.ChangeWhy, "")
            .SetProperty(x => x.Seen, place.Seen).SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.SeenProgress, "").SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now));
        if (changed == 0) return;
        await allocations.Release(tx, row.Id);
        await allocations.Transfer(tx, before.MigrationId, row.Id);
        await Places.Depart(tx, row, before.HostId, Power.Gone);
        await ports.Bind(tx, row.Id, before.HostId);
        await Migrations.Set(tx, before.MigrationId, MigrationRow.Failed);
        await ServerActionRow.Finish(tx, row.Id, why);
        tx.Audit("server.stay", "server", row.Id, row.ProjectId, new { on = before.HostId, instead_of = row.HostId, why });
        tx.Wake(ServerStore.WorkKind, row.Id);
    }
}
