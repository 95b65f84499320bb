using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Capacity.Advice;

/// <summary>Accepted advice as long operations: waiting for its window or an approval, being resized, watched, taken back.</summary>
internal sealed class AdviceTasks(Sight sight) : ITaskSource
{
    private static readonly string[] Forth = ["sizing_waits", "sizing_resizes", "sizing_watched"], Back = ["sizing_returns"];
    private static readonly string[] Ended = [States.Done, States.Undone, States.Failed, States.Overtaken];

    public string Name => "advice";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var rows = q.Db<CapacityDb>().Advice.Where(a => a.AcceptedBy != null);
        if (sought.Projects is { } projects) rows = rows.Where(a => projects.Contains(a.ProjectId));
        var now = await rows.Where(a => States.UnderWay.Contains(a.State)).ToListAsync();
        var ended = await rows.Where(a => Ended.Contains(a.State) && a.UpdatedAt >= sought.EndedSince).OrderByDescending(a => a.UpdatedAt).Take(sought.Most).ToListAsync();
        return [.. now.Concat(ended).Select(View)];
    }

    public async Task<TaskView?> Find(Query q, string id) => await q.Db<CapacityDb>().Advice.SingleOrDefaultAsync(a => a.Id == id && a.AcceptedBy != null) is { } row ? View(row) : null;

    private static TaskView View(AdviceRow a) => new()
    {
        Id = "advice." + a.Id, Kind = "server.right_size", ObjectKind = "server", ObjectId = a.ServerId, ObjectName = a.ServerName, ProjectId = a.ProjectId, UserId = a.AcceptedBy,
        State = a.State switch { States.Accepted or States.Asked => TaskStates.Waiting, States.Done or States.Undone => TaskStates.Done, States.Failed or States.Overtaken => TaskStates.Failed, _ => TaskStates.Running },
        Stage = a.State switch { States.Accepted or States.Asked => Forth[0], States.Resizing => Forth[1], States.Watching => Forth[2], States.Undoing or States.Reverting => Back[0], _ => null },
        Stages = a.State is States.Undoing or States.Reverting or States.Undone ? Back : Forth,
        StartedAt = a.BeganAt ?? a.UpdatedAt, EndedAt = Ended.Contains(a.State) ? a.UpdatedAt : null, Error = a.Error ?? a.Why,
        Can = a.State is States.Watching or States.Done ? [TaskVerbs.Undo] : a.State is States.Accepted ? [TaskVerbs.Stop] : [], Rule = "capacity:answer",
    };

    public async Task Do(Tx tx, string id, string verb)
    {
        var row = await AdviceStore.Find(tx, id, await sight.Projects(tx, tx.Actor));
        await sight.MustAnswerFor(tx, tx.Actor, row.ProjectId);
        if (verb == TaskVerbs.Undo) await AdviceStore.Undo(tx, row, "undone by hand");
        else if (verb == TaskVerbs.Stop) await AdviceStore.Dismiss(tx, row, "stopped by hand", null);
        else throw CloudError.Conflict($"Advice cannot be asked to {verb}.");
    }
}
