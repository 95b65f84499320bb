using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Consolidation.Operations;

/// <summary>Plans that run, failed or ended lately. They are the cloud's own.</summary>
internal sealed class PlanTasks(PlanBook book) : ITaskSource
{
    private static readonly string[] Stages = ["hosts_on", "moves", "hosts_off"];

    public string Name => "consolidation";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        if (sought.Projects is not null) return [];
        var since = sought.EndedSince;
        var rows = await q.Db<ConsolidationDb>().Plans.Where(p => p.ApprovedAt != null && (p.EndedAt == null || p.EndedAt >= since)).OrderByDescending(p => p.Id).Take(sought.Most + 50).ToListAsync();
        return await Views(q, rows);
    }

    public async Task<TaskView?> Find(Query q, string id) => await PlanBook.Find(q, id) is { ApprovedAt: not null } row ? (await Views(q, [row]))[0] : null;

    private static async Task<List<TaskView>> Views(Query q, List<PlanRow> rows)
    {
        var ids = rows.ConvertAll(r => r.Id);
        var moves = (await q.Db<ConsolidationDb>().Moves.Where(m => ids.Contains(m.PlanId)).ToListAsync()).ToLookup(m => m.PlanId);
        return rows.ConvertAll(p =>
        {
            var (all, ended) = (moves[p.Id].Count(), moves[p.Id].Count(m => m.EndedAt is not null));
            return new TaskView
            {
                Id = "consolidation." + p.Id, Kind = "consolidation." + p.Kind, State = p.FailedWhy is not null ? TaskStates.Failed : p.EndedAt is not null || p.StoppedAt is not null ? TaskStates.Done : TaskStates.Running, ObjectKind = "consolidation_plan", ObjectId = p.Id, ObjectName = p.Cluster,
                Stage = PlanState.Live(p) ? ended < all ? "moves" : "hosts_off" : null, Stages = Stages, Progress = all == 0 ? null : new Progress(100.0 * ended / all, null, null, null), StartedAt = p.ApprovedAt!.Value, EndedAt = p.EndedAt ?? p.StoppedAt, Error = p.FailedWhy,
                Can = PlanState.Live(p) ? [TaskVerbs.Stop] : [], Rule = "consolidation:write",
            };
        });
    }

    public async Task Do(Tx tx, string id, string verb)
    {
        var row = await PlanBook.Find(tx, id) ?? throw CloudError.NotFound($"There is no task {Name}.{id}.");
        if (verb != TaskVerbs.Stop || !await book.Stop(tx, row, tx.Actor.UserName, "")) throw CloudError.Conflict("The plan has ended, or was stopped already.");
    }
}
