using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Rules;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Approvals.Operations;

/// <summary>Requests that wait longer than their step allows, and those that were approved but could not be carried out.</summary>
internal sealed class RequestAlarms : IAlarmSource
{
    private const string Overdue = "request.overdue", Failed = "request.failed";

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Overdue, "The request \"{reason}\" has waited longer than the {hours} hours that its step allows."),
        new(Failed, "The approved request \"{reason}\" could not be carried out: {why}"),
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var rows = await q.Db<ApprovalsDb>().Requests.Where(r => r.State == States.Waiting || r.State == States.Failed)
            .Select(r => new { r.Id, r.Kind, r.ProjectId, r.Reason, r.State, r.Steps, r.Step, r.StepSince, r.Error, r.UpdatedAt }).ToListAsync();
        var found = new List<Condition>();
        foreach (var r in rows)
        {
            Condition Of(string kind, Severity severity, long since, string name, string value) => new()
            {
                Key = $"{kind}:{r.Id}", Kind = kind, Severity = severity, ObjectKind = "request", ObjectId = r.Id, ObjectName = r.Reason, ProjectId = r.ProjectId, Since = since, Values = new Dictionary<string, string> { ["reason"] = r.Reason, [name] = value },
            };
            if (r.State == States.Failed) found.Add(Of(Failed, Severity.Minor, r.UpdatedAt, "why", r.Error ?? "—"));
            else if (Step.Parse(r.Steps) is var steps && r.Step < steps.Count && steps[(int)r.Step] is var step && step.DueAt(r.StepSince) is { } due && due < q.Now) found.Add(Of(Overdue, Severity.Warning, due, "hours", $"{step.DueHours}"));
        }
        return found;
    }
}
