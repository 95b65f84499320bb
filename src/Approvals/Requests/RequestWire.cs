using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Approvals.Rules;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Requests;

internal static class RequestWire
{
    public static JsonObject Of(RequestRow r, long now, IEnumerable<DecisionRow>? decisions = null)
    {
        var steps = Step.Parse(r.Steps);
        var due = r.State == States.Waiting && r.Step < steps.Count ? steps[(int)r.Step].DueAt(r.StepSince) : null;
        var wire = new JsonObject
        {
            ["id"] = r.Id, ["kind"] = r.Kind, ["project_id"] = r.ProjectId, ["requester_id"] = r.RequesterId, ["requester_name"] = Standpoint(r.Requester).UserName,
            ["reason"] = r.Reason, ["state"] = r.State, ["revision"] = r.Revision, ["step"] = r.State == States.Waiting ? r.Step : null, ["steps"] = JsonSerializer.SerializeToNode(steps, Json.Options),
            ["due_at"] = Clock.Seconds(due), ["overdue"] = due < now, ["plan"] = JsonNode.Parse(r.Plan), ["plan_hash"] = r.PlanHash,
            ["error"] = r.Error, ["outcome"] = r.Outcome is null ? null : JsonNode.Parse(r.Outcome), ["created_at"] = Clock.Seconds(r.CreatedAt), ["updated_at"] = Clock.Seconds(r.UpdatedAt),
        };
        if (decisions is not null) wire["decisions"] = new JsonArray([.. decisions.Select(Of)]);
        return wire;
    }

    private static JsonObject Of(DecisionRow d) => new()
    {
        ["revision"] = d.Revision, ["step"] = d.Step, ["user_id"] = d.UserId, ["user_name"] = d.UserName, ["decision"] = d.Decision, ["comment"] = d.Comment, ["plan_hash"] = d.PlanHash, ["at"] = Clock.Seconds(d.At),
    };

    public static Standpoint Standpoint(string text) => JsonSerializer.Deserialize<Standpoint>(text)!;

    public static string Text(Actor actor) => JsonSerializer.Serialize(Identity.Public.Standpoint.Of(actor));

    /// <summary>What was made, from what its makers told the audit log.</summary>
    public static string Outcome(IEnumerable<AuditRow> told) => new JsonObject
    {
        ["made"] = new JsonArray([.. told.Where(a => a.Verb != "request.carry_out").Select(a => new JsonObject { ["kind"] = a.Kind, ["id"] = a.ResourceId, ["verb"] = a.Verb })]),
    }.ToJsonString();
}
