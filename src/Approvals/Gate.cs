using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Approvals.Keeping;
using Xiangyun.Approvals.Plans;
using Xiangyun.Approvals.Rules;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Approvals;

/// <summary>
/// <c>?dry_run=true</c> on a create answers its plan and does nothing; where an organisation demands a request, the direct
/// create is refused. Both let the handler do its work in a joint transaction and look at what it did.
/// </summary>
internal sealed class Gate(Database database, Trials trials, RuleStore rules) : IGate
{
    /// <summary>Their creates only write rows; nothing outside of the database happens before the commit.</summary>
    private static readonly string[] Roots = ["/compute", "/volume", "/network", "/image", "/identity"];

    /// <summary>Of our own API, what makes things for an organisation; requests, decisions and rules are no such things.</summary>
    private static bool Covers(Call call) => Roots.Contains(call.Service.Root) || call.Verb is "site.create" or "site.delete";

    public async Task<Answer> Pass(Call call, Func<Task<Answer>> handler)
    {
        if (call.Verb == "organisation.close") throw CloudError.Forbidden($"The end of an organisation needs two people: send {{\"kind\": \"organisation\", \"id\": \"{call["id"]}\"}} as the wish of a request of the kind deletion to POST /xiangyun/v1/requests.", "RequestNeeded");
        var creates = call.Http.Request.Method == "POST" && call.Verb != "token.create" && call.Verb.EndsWith(".create", StringComparison.Ordinal) && Covers(call);
        if (call.QueryOr("dry_run") is not null && call.QueryFlag("dry_run"))
            return creates ? await Plan(call, handler) : throw CloudError.Invalid("dry_run is offered for what creates something in Compute, Volume, Network, Image and Identity, and for sites. Nothing was done.");
        if (await Deletes(call) && await database.Read(async q => await rules.AnyDemand(q) || await Protections.Any(q), call.Stop)) return await Guarded(call, handler);
        if (!creates && !await Names(call, "resize", "os-extend") || call.Actor.ProjectId is not { } project) return await handler();
        var demands = await database.Read(q => rules.Demands(q, project), call.Stop);
        return demands.Count == 0 ? await handler() : await Watched(call, project, demands, handler);
    }

    private static async Task<bool> Deletes(Call call) => call.Verb == "recycle_bin.delete" || Covers(call)
        && (call.Http.Request.Method == "DELETE" && call.Verb.EndsWith(".delete", StringComparison.Ordinal) || await Names(call, "forceDelete", "os-force_delete"));

    /// <summary>One of these actions is asked for.</summary>
    private static async Task<bool> Names(Call call, params string[] actions) => Roots.Contains(call.Service.Root) && call.Http.Request.Method == "POST" && call.Path.EndsWith("/action", StringComparison.Ordinal)
        && await call.ReadJson() is { ValueKind: JsonValueKind.Object } body && body.EnumerateObject().Any(m => actions.Contains(m.Name));

    /// <summary>Whose object it was decides, whoever deletes it.</summary>
    private Task<Answer> Guarded(Call call, Func<Task<Answer>> handler) => database.Together(async joint =>
    {
        var answer = await handler();
        foreach (var told in joint.Told.Where(a => a.ResourceProjectId is not null))
        {
            await database.Read(async q => { await Protections.MustNotCover(q, told); return true; }, call.Stop);
            if ((await database.Read(q => rules.Demands(q, told.ResourceProjectId!), call.Stop)).FirstOrDefault(d => d.Covers(told)) is { } demand)
                throw CloudError.Forbidden($"This organisation wants a second person for the deletion of a {demand.Deletes}: send {{\"kind\": \"{demand.Deletes}\", \"id\": \"{told.ResourceId}\"}} as the wish of a request of the kind deletion to POST /xiangyun/v1/requests.", "RequestNeeded");
        }
        joint.Keep = true;
        return answer;
    }, call.Stop);

    private async Task<Answer> Plan(Call call, Func<Task<Answer>> handler)
    {
        call.WantsReasons = true;
        var body = Kinds.Object(await call.ReadJson(), "body");
        var project = call.Actor.ProjectId;
        var errand = new Errand(call.Verb[..^".create".Length], call.Service.Name, "POST", call.Path, body, project ?? "");
        var planned = await database.Together(async joint =>
        {
            var prices = await database.Read(Prices.Read, call.Stop);
            var trial = await trials.Run(joint, project, async () => (await handler(), call));
            return new Planned(Plans.Plan.Of(errand, 0, trial, prices), trial);
        }, call.Stop);
        var answer = planned.Around();
        (answer["dry_run"], answer["plan"], answer["plan_hash"]) = (true, planned.Plan.Json, planned.Plan.Hash);
        answer["approvals"] = await database.Read(async q => project is null ? null : await rules.Wire(q, project, planned.Trial.Amounts), call.Stop);
        return Answer.Ok(answer);
    }

    private Task<Answer> Watched(Call call, string project, IReadOnlyList<Demand> demands, Func<Task<Answer>> handler) => database.Together(async joint =>
    {
        var trial = await trials.Run(joint, project, async () => (await handler(), call));
        if (demands.FirstOrDefault(d => d.Covers(trial.Amounts)) is { } demand)
            throw CloudError.Forbidden($"This organisation demands a request for what adds more than {demand.Over} to {demand.Resource}: send the same body as the wish of POST /xiangyun/v1/requests, and somebody else decides.", "RequestNeeded");
        joint.Keep = true;
        return trial.Answer;
    }, call.Stop);
}
