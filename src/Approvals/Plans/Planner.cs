using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Plans;

/// <summary>A plan, and what stands around it at this moment.</summary>
internal sealed record Planned(Plan Plan, Trial Trial)
{
    public JsonObject Around()
    {
        var around = Trial.Call.Reasons?.DeepClone().AsObject() ?? [];
        around["quota_change"] = new JsonArray([.. Trial.Amounts.Select(a => new JsonObject
        {
            ["resource"] = a.Resource, ["unit"] = a.Unit, ["used_before"] = a.Before, ["used_after"] = a.After, ["left_before"] = a.LeftBefore, ["left_after"] = a.LeftAfter,
        })]);
        around["objects"] = new JsonArray([.. Trial.Told.Select(a => new JsonObject
        {
            ["kind"] = a.Kind, ["verb"] = a.Verb, ["detail"] = a.Detail is null ? null : JsonNode.Parse(a.Detail), ["before"] = a.Was is null ? null : JsonNode.Parse(a.Was), ["after"] = a.Became is null ? null : JsonNode.Parse(a.Became),
        })]);
        return around;
    }
}

/// <summary>Makes plans by doing the thing in a transaction that is given up, or, in a joint transaction of the caller's, for good.</summary>
internal sealed class Planner(Database database, Trials trials, Neighbour neighbour)
{
    public Task<Planned> Look(Errand errand, long revision, Actor actor, string? version, CancellationToken stop) =>
        database.Together(joint => Do(joint, errand, revision, actor, version, stop), stop);

    public async Task<Planned> Do(Joint joint, Errand errand, long revision, Actor actor, string? version, CancellationToken stop)
    {
        var prices = await database.Read(Prices.Read, stop);
        var trial = await trials.Run(joint, errand.ProjectId, () => neighbour.Do(actor, errand.Service, errand.Method, errand.Path, errand.Body, version, stop));
        return new Planned(Plan.Of(errand, revision, trial, prices), trial);
    }
}
