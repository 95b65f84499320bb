using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Recycling;

namespace Xiangyun.Compute.Servers;

/// <summary>
/// The way of a server through the recycle bin, which Nova calls soft delete: it stops and keeps its host, addresses and
/// volumes. What never ran has nothing to keep and goes at once.
/// </summary>
internal sealed class ServerRecycling(ServerRemoval removal) : IRecycled
{
    public string Kind => "server";

    public IQueryable<Recycled> Rows(Query q) => q.Db<ComputeDb>().Servers.Where(s => s.RecycledAt != null && s.DeletedAt == null && s.Want != Power.Gone)
        .Select(s => new Recycled { Id = s.Id, Name = s.Name, ProjectId = s.ProjectId, DeletedAt = s.RecycledAt!.Value, Until = s.RecycledUntil!.Value });

    public async Task Delete(Tx tx, ServerRow row, string verb)
    {
        if (row.RecycledAt is not null && row.Want != Power.Gone) tx.Audit("server.recycle", "server", row.Id, row.ProjectId);
        else if (row.LaunchedAt is null || row.HostId is null || row.Want == Power.Gone || await RecycleRules.Keep(tx, Kind, row.Id, row.ProjectId) is not { } until) await removal.Want(tx, row, verb);
        else
        {
            var rest = row.Want is Power.Running or Power.Paused ? Power.Stopped : row.Want;
            await ServerStore.Want(tx, row, "delete", "server.recycle", (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.RecycledAt, tx.Now).SetProperty(x => x.RecycledUntil, until)
                .SetProperty(x => x.RecycledWant, row.Want).SetProperty(x => x.Want, rest).SetProperty(x => x.Generation, generation).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { until = Clock.Seconds(until) });
        }
    }

    public async Task Restore(Tx tx, ServerRow row)
    {
        if (row.RecycledAt is null || row.Want == Power.Gone) throw CloudError.Conflict($"Cannot 'restore' instance {row.Id} while it is in vm_state {ServerStatus.Of(row).VmState}: only what is in the recycle bin can be restored.");
        await ServerStore.Want(tx, row, "restore", "server.restore", (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.RecycledAt, (long?)null).SetProperty(x => x.RecycledUntil, (long?)null)
            .SetProperty(x => x.RecycledWant, (string?)null).SetProperty(x => x.Want, row.RecycledWant!).SetProperty(x => x.Generation, generation).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)));
    }

    public async Task Restore(Tx tx, Recycled thing) => await Restore(tx, await Row(tx, thing));

    public async Task Purge(Tx tx, Recycled thing) => await removal.Want(tx, await Row(tx, thing), "server.delete");

    private static Task<ServerRow> Row(Tx tx, Recycled thing) => tx.Db<ComputeDb>().Servers.SingleAsync(s => s.Id == thing.Id);
}
