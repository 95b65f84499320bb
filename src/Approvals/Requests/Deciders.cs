using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Rules;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Approvals.Requests;

/// <summary>Who may decide the present step of a request. Nobody decides what he asked for himself, and nobody two steps of it.</summary>
internal sealed class Deciders(RuleStore rules, IPower power)
{
    public async Task<bool> May(Query q, Actor actor, RequestRow row)
    {
        if (row.State != States.Waiting || actor.UserId == row.RequesterId || !await IsNamed(q, actor, row)) return false;
        return !await q.Db<ApprovalsDb>().Decisions.AnyAsync(d => d.RequestId == row.Id && d.Revision == row.Revision && d.UserId == actor.UserId);
    }

    /// <summary>The step is this person's to decide, apart from what it decided before.</summary>
    public async Task<bool> IsNamed(Query q, Actor actor, RequestRow row)
    {
        var steps = Step.Parse(row.Steps);
        if (row.State != States.Waiting || row.Step >= steps.Count) return false;
        var step = steps[(int)row.Step];
        if (step.Names(actor.UserId)) return true;
        if (step.Groups.Count > 0 && await power.IsIn(q, actor, step.Groups)) return true;
        if (step is { Role: { } role, At: { } at } && await power.Has(q, actor, role, at)) return true;
        foreach (var node in step.EscalatedTo(await rules.Path(q, row.ProjectId), row.StepSince, q.Now))
            if (await power.Manages(q, actor, node)) return true;
        return false;
    }
}
