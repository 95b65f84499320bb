using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Requests;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Tasks;

namespace Xiangyun.Approvals.Operations;

/// <summary>What was approved and is carried out by itself. Who asked for it may have it tried again.</summary>
internal sealed class RequestTasks : ITaskSource
{
    private static readonly string[] Shown = [States.Approved, States.Done, States.Failed];
    private static readonly string[] Stages = ["carry_out"];

    private const int MostOpen = 200;

    public string Name => "request";

    public async Task<IReadOnlyList<TaskView>> Of(Query q, TaskSought sought)
    {
        var since = sought.EndedSince;
        var rows = q.Db<ApprovalsDb>().Requests.Where(r => r.State == States.Approved || (r.State == States.Failed || r.State == States.Done) && r.UpdatedAt >= since);
        if (sought.Projects is { } projects) rows = rows.Where(r => projects.Contains(r.ProjectId));
        return [.. (await rows.OrderByDescending(r => r.Id).Take(Math.Max(sought.Most, MostOpen)).ToListAsync()).Select(View)];
    }

    public async Task<TaskView?> Find(Query q, string id) => await q.Db<ApprovalsDb>().Requests.SingleOrDefaultAsync(r => r.Id == id && Shown.Contains(r.State)) is { } row ? View(row) : null;

    private static TaskView View(RequestRow r) => new()
    {
        Id = "request." + r.Id, Kind = "request." + r.Kind, State = r.State switch { States.Done => TaskStates.Done, States.Failed => TaskStates.Failed, _ => TaskStates.Running }, ObjectKind = "request", ObjectId = r.Id, ObjectName = r.Reason, ProjectId = r.ProjectId, UserId = r.RequesterId,
        Stage = r.State == States.Approved ? "carry_out" : null, Stages = Stages, StartedAt = r.StepSince, EndedAt = r.State == States.Approved ? null : r.UpdatedAt, Error = r.State == States.Failed ? r.Error : null,
        Can = r.State == States.Failed ? [TaskVerbs.Retry] : [], OnlyByWhoAsked = true, Rule = "approval:request",
    };

    public async Task Do(Tx tx, string id, string verb)
    {
        var row = await tx.Db<ApprovalsDb>().Requests.SingleOrDefaultAsync(r => r.Id == id) ?? throw CloudError.NotFound($"There is no task {Name}.{id}.");
        if (row.RequesterId != tx.Actor.UserId || tx.Actor is not { SignedInUserId: null, Only: null }) throw CloudError.Forbidden("Only who made the request may do this, with a sign-in of his own.");
        if (verb != TaskVerbs.Retry || row.State != States.Failed) throw CloudError.Conflict($"The request is {row.State}; only what failed can be tried again.");
        await Requests.Requests.Update(tx, row, s => s.SetProperty(r => r.State, States.Approved).SetProperty(r => r.Error, (string?)null));
        tx.Audit("request.retry", "request", row.Id, row.ProjectId);
        tx.Wake(ApprovalsModule.Work, row.Id);
    }
}
