using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Compute.Servers;

internal static class ServerStore
{
    /// <summary>Work kind: look whether this server got what it wants, and say so when it did not in time.</summary>
    public const string WorkKind = "server";

    public static CloudError Missing(string id) => CloudError.NotFound($"Instance {id} could not be found.");

    /// <summary>The server, when the caller may see it and it is not deleted.</summary>
    public static async Task<ServerRow> Find(Query q, Actor actor, string id)
    {
        var row = await q.Db<ComputeDb>().Servers.SingleOrDefaultAsync(s => s.Id == id && s.DeletedAt == null);
        return row is not null && actor.MaySee(row.ProjectId) ? row : throw Missing(id);
    }

    /// <summary>For changes: also refuses a locked server, and one that is in the recycle bin.</summary>
    public static async Task<ServerRow> ForChange(Tx tx, string id, bool evenLocked = false, bool evenRecycled = false)
    {
        var row = await Find(tx, tx.Actor, id);
        if (row.RecycledAt is not null && !evenRecycled) throw CloudError.Conflict($"Instance {row.Id} is in the recycle bin (vm_state soft-delete): restore it first, or delete it for good with forceDelete.");
        if (row.Locked && !evenLocked && !tx.Actor.IsAdmin) throw CloudError.Conflict($"Instance {id} is locked");
        return row;
    }

    /// <summary>A new desire: generation up, the host's plan assembled anew, told in the audit log and the server's own list of actions.</summary>
    public static async Task Want(Tx tx, ServerRow row, string action, string verb, Func<IQueryable<ServerRow>, long, Task<int>> change, object? detail = null, string why = "")
    {
        var rows = tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation);
        if (await change(rows, row.Generation + 1) == 0) throw CloudError.Conflict($"Instance {row.Id} was changed by another request at the same time; try again.");
        var generation = row.Generation + 1;
        if (why != row.ChangeWhy || why.Length > 0)
            await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ChangeWhy, why).SetProperty(x => x.ChangeGeneration, generation));
        ServerActionRow.Add(tx, row.Id, row.ProjectId, action);
        tx.Audit(verb, "server", row.Id, row.ProjectId, detail);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
        tx.Wake(WorkKind, row.Id);
    }
}
