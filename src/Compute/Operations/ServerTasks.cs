using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Compute.Operations;

/// <summary>What takes its time with servers: made of the list of actions that every server has, and of the server as it is now.</summary>
internal sealed class ServerTasks(ResizeActions resizes, ServerRecycling recycling, IImages images) : ITaskSource
{
    private static readonly string[] Lasting = [.. ServerTaskRules.Long.Except(ServerActionRow.Copies)];

    public string Name => "server";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var since = sought.EndedSince;
        var rows = q.Db<ComputeDb>().Actions.Where(a => ServerTaskRules.Long.Contains(a.Action));
        if (sought.Projects is { } projects) rows = rows.Where(a => projects.Contains(a.ProjectId));
        var ended = await rows.Where(a => a.FinishedAt >= since).OrderByDescending(a => a.Id).Take(sought.Most).ToListAsync();
        return await Views(q, [.. await rows.Where(a => a.FinishedAt == null && a.StartedAt > since - ServerTaskRules.Oldest).ToListAsync(), .. ended]);
    }

    public async Task<TaskView?> Find(Query q, string id) => await q.Db<ComputeDb>().Actions.SingleOrDefaultAsync(a => a.Id == id && ServerTaskRules.Long.Contains(a.Action)) is { } row ? (await Views(q, [row])).SingleOrDefault() : null;

    private async Task<IReadOnlyList<TaskView>> Views(Query q, IReadOnlyList<ServerActionRow> rows)
    {
        var (servers, newest, copies) = (new Dictionary<string, ServerRow>(), new Dictionary<string, string>(), new Dictionary<(string, long), string>());
        foreach (var ids in rows.Select(r => r.ServerId).Distinct().Chunk(400))
        {
            foreach (var s in await q.Db<ComputeDb>().Servers.Where(s => ids.Contains(s.Id)).ToListAsync()) servers[s.Id] = s;
            foreach (var n in await q.Db<ComputeDb>().Actions.Where(a => ids.Contains(a.ServerId) && Lasting.Contains(a.Action)).GroupBy(a => a.ServerId).Select(g => new { g.Key, Id = g.Max(a => a.Id)! }).ToListAsync()) newest[n.Key] = n.Id;
            foreach (var c in await q.Db<ComputeDb>().Snapshots.Where(s => ids.Contains(s.ServerId)).ToListAsync()) copies[(c.ServerId, c.StartedAt)] = c.ImageId;
        }
        var progress = await Meters.Find(q, [.. copies.Values.Select(i => "fill:" + i), .. servers.Values.Where(ServerTaskRules.Fetches).Select(s => $"push:{s.HostId}:{s.DiskImageId ?? s.ImageId}").Distinct(),
            .. servers.Values.Where(ServerStatus.Leaves).Select(s => Places.Progress(s.Id))]);
        return [.. rows.Select(r => ServerTaskRules.View(r, servers.GetValueOrDefault(r.ServerId), newest.GetValueOrDefault(r.ServerId) == r.Id, copies.GetValueOrDefault((r.ServerId, r.StartedAt)), progress, q.Now)).OfType<TaskView>()];
    }

    public async Task Do(Tx tx, string id, string verb)
    {
        var action = await tx.Db<ComputeDb>().Actions.SingleOrDefaultAsync(a => a.Id == id) ?? throw CloudError.NotFound($"There is no task {Name}.{id}.");
        var view = (await Views(tx, [action])).SingleOrDefault() ?? throw CloudError.Conflict("Something newer was asked of the server since.");
        if (!view.Can.Contains(verb)) throw CloudError.Conflict($"This cannot be done any more: {view.Kind} is {view.State}{(view.Can.Count > 0 ? $"; it could be: {string.Join(", ", view.Can)}" : "")}.");
        if (ServerActionRow.Copies.Contains(action.Action))
        {
            var copy = await tx.Db<ComputeDb>().Snapshots.SingleAsync(s => s.ServerId == action.ServerId && s.StartedAt == action.StartedAt);
            await images.Delete(tx, copy.ImageId);
            tx.Audit("server.stop_copy", "server", action.ServerId, action.ProjectId, new { image = copy.ImageId });
            tx.Wake(SnapshotReconciler.WorkKind, copy.ImageId);
        }
        else if (verb == TaskVerbs.Undo) await resizes.Revert(tx, action.ServerId);
        else if (verb == TaskVerbs.Stop) await recycling.Delete(tx, await ServerStore.ForChange(tx, action.ServerId), "server.delete");
        else await Again(tx, await ServerStore.ForChange(tx, action.ServerId), action.Action);
    }

    /// <summary>The same wish under a new generation: a changed desire is always tried again.</summary>
    private static async Task Again(Tx tx, ServerRow row, string action)
    {
        await ServerStore.Want(tx, row, action, "server.retry", (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Generation, generation).SetProperty(x => x.Fault, (string?)null).SetProperty(x => x.FaultAt, (long?)null)
            .SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { again = action }, row.ChangeWhy);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
    }
}
