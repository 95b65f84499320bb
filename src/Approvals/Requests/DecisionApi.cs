using System.Text.Json;
using Xiangyun.Approvals.Plans;
using Xiangyun.Approvals.Rules;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;
using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Approvals.Requests;

/// <summary>The decider's side: approve exactly this plan, return it for change, or refuse it.</summary>
internal sealed class DecisionApi(Database database, Sight sight, Deciders deciders) : IApi
{
    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r) => r.Post("/requests/{id}/decisions", "approval:decide", "request.decide", Decide);

    private async Task<Answer> Decide(Call call)
    {
        var actor = RequestApi.OwnSelf(call);
        var body = await call.Body("decision");
        var decision = body.OneOf("decision", "approve", "return", "refuse") ?? throw CloudError.Invalid("Invalid input: 'decision.decision' is a required property: approve, return or refuse.");
        var (hash, comment) = (body.Text("plan_hash", 64, 64), body.TextOr("comment", 0, 2000) ?? "");
        body.Done();
        if (decision != "approve" && comment.Length == 0) throw CloudError.Invalid("Say in 'comment' why: who asked has to know.");
        return await database.Write(actor, async tx =>
        {
            var row = await sight.Find(tx, actor, call["id"]);
            if (actor.UserId == row.RequesterId) throw CloudError.Forbidden("Nobody decides about what he asked for himself.");
            if (row.State != States.Waiting) throw CloudError.Conflict($"The request is {row.State}; only what waits can be decided.");
            if (!await deciders.IsNamed(tx, actor, row)) throw CloudError.Forbidden("This step is somebody else's to decide.");
            if (!await deciders.May(tx, actor, row)) throw CloudError.Forbidden("You have decided a step of this request already; each step needs another person.");
            if (hash != row.PlanHash) throw CloudError.Conflict($"The plan of this request is {row.PlanHash}, not {hash}: read it again before you decide.");
            var (steps, now) = (Step.Parse(row.Steps), tx.Now);
            tx.Db<ApprovalsDb>().Add(new DecisionRow { Id = Id.New(), RequestId = row.Id, Revision = row.Revision, Step = row.Step, UserId = actor.UserId, UserName = actor.UserName, Decision = decision, Comment = comment, PlanHash = hash, At = tx.Now });
            await tx.Save();
            var last = row.Step + 1 >= steps.Count;
            var state = decision switch { "return" => States.Returned, "refuse" => States.Refused, _ => last ? States.Approved : States.Waiting };
            var next = decision == "approve" && !last ? row.Step + 1 : row.Step;
            var executor = state == States.Approved && row.Kind is Kinds.Quota or Kinds.Right or Kinds.Organisation ? RequestWire.Text(actor) : null;
            await Requests.Update(tx, row, s => s.SetProperty(r => r.State, state).SetProperty(r => r.Step, next).SetProperty(r => r.StepSince, now).SetProperty(r => r.Executor, executor));
            tx.Audit(call.Verb, "request", row.Id, row.ProjectId, new { decision, comment, plan_hash = hash, row.Step, state });
            if (state == States.Approved) tx.Wake(ApprovalsModule.Work, row.Id);
            return Answer.Ok(new { request = RequestWire.Of(await tx.Db<ApprovalsDb>().Requests.SingleAsync(r => r.Id == row.Id), tx.Now, await tx.Db<ApprovalsDb>().Decisions.Where(d => d.RequestId == row.Id).OrderBy(d => d.Id).ToListAsync()) });
        });
    }
}
