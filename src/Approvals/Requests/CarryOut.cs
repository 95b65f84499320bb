using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Store;

namespace Xiangyun.Approvals.Requests;

/// <summary>
/// Carries out what was approved, once: the service's own create and the end of the request are one transaction. The plan
/// that this transaction really is must be the approved one; if it is not, nothing happens and the request goes back.
/// </summary>
internal sealed class CarryOut(Database database, Planner planner, IStandpoints standpoints) : IReconciler
{
    public string Kind => ApprovalsModule.Work;

    public async Task<IReadOnlyList<string>> Keys(Query q) => await q.Db<ApprovalsDb>().Requests.Where(r => r.State == States.Approved).Select(r => r.Id).ToListAsync();

    public async Task<Next> Reconcile(string id, CancellationToken ct)
    {
        var row = await database.Read(q => q.Db<ApprovalsDb>().Requests.SingleOrDefaultAsync(r => r.Id == id), ct);
        if (row is not { State: States.Approved }) return Next.Done;
        var (state, words) = (States.Failed, "");
        try
        {
            words = await database.Together(joint => Once(joint, row, ct), ct);
            if (words.Length == 0) return Next.Done;
            state = States.Returned;
        }
        catch (CloudError e)
        {
            words = e.Message;
        }
        await database.Write(Actor.System, async tx =>
        {
            await Requests.Update(tx, row, s => s.SetProperty(r => r.State, state).SetProperty(r => r.Error, words));
            tx.Audit("request." + state, "request", row.Id, row.ProjectId, new { why = words });
        }, ct);
        return Next.Done;
    }

    /// <returns>Why it goes back; empty when it was done.</returns>
    private async Task<string> Once(Joint joint, RequestRow row, CancellationToken ct)
    {
        var requester = RequestWire.Standpoint(row.Requester);
        var asked = await Now(row, requester, "who asked for it", ct);
        var errand = Kinds.Read(row.Kind, JsonNode.Parse(row.Wish)!.AsObject(), asked);
        var actor = errand.ByConsent ? Cloud("req-" + row.Id) : row.Executor is { } other ? await Now(row, RequestWire.Standpoint(other), "who approved it", ct) : asked;
        var planned = await planner.Do(joint, errand, row.Revision, actor, row.Microversion, ct);
        if (planned.Plan.Hash != row.PlanHash)
            return $"What would be made now is not what was approved: {string.Join(", ", Plan.Differences(JsonNode.Parse(row.Plan)!.AsObject(), planned.Plan.Json))} changed. Look at the plan and send the request again.";
        if (planned.Trial.Call.Reasons is { } reasons && reasons["placeable"] is JsonValue placeable && !placeable.GetValue<bool>()) throw CloudError.NoCapacity((string?)reasons["message"] ?? "No host can take it.");
        var outcome = RequestWire.Outcome(planned.Trial.Told);
        await database.Write(Actor.System, async tx =>
        {
            await Requests.Update(tx, row, s => s.SetProperty(r => r.State, States.Done).SetProperty(r => r.Outcome, outcome).SetProperty(r => r.Error, (string?)null));
            tx.Audit("request.carry_out", "request", row.Id, row.ProjectId, new { outcome });
        }, ct);
        joint.Keep = true;
        return "";
    }

    /// <summary>For what is beyond the power of each one of those who agreed.</summary>
    internal static Actor Cloud(string requestId) => Actor.System with { RequestId = requestId, Roles = new HashSet<string>(Actor.System.Roles) { "manager" } };

    private async Task<Actor> Now(RequestRow row, Standpoint standpoint, string who, CancellationToken ct) =>
        await database.Read(q => standpoints.Now(q, standpoint), ct) is { } actor ? actor with { RequestId = "req-" + row.Id }
        : throw CloudError.Forbidden($"{standpoint.UserName}, {who}, no longer has the roles for it.");
}
