using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Rules;

/// <summary>
/// /organisations/{id}/approval-rules. Rules below others could undo them, so where a node above has rules, whoever manages
/// that node sets them below it too; else the node's own manager.
/// </summary>
internal sealed class RuleApi(Database database, RuleStore rules, IPower power, IOrganisations organisations, QuotaTree tree) : IApi
{
    private const int MostDemands = 50;
    private const string Path = "/organisations/{id}/approval-rules";

    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get(Path, "approval:read", call => database.Read(async q => { await Visible(q, call); return await Body(q, call["id"]); }));
        r.Put(Path, "approval:rules", "approval_rule.set", Set);
        r.Delete(Path, "approval:rules", "approval_rule.delete", Delete);
    }

    private async Task Visible(Query q, Call call)
    {
        var id = call["id"];
        if (!await power.Sees(q, call.Actor, id) || (await organisations.All(q)).All(n => n.Id != id)) throw CloudError.NotFound($"There is no organisation {id}.");
    }

    private async Task MustSet(Tx tx, Call call)
    {
        await Visible(tx, call);
        var id = call["id"];
        var above = await organisations.Above(tx, id) is [var parent, ..] ? await rules.Nearest(tx, parent) : null;
        if (!await power.Manages(tx, call.Actor, above?.NodeId ?? id))
            throw CloudError.Forbidden(above is null ? "The rules of an organisation are set by its manager." : $"{above.NodeId} above has rules: who manages that one sets those below it too.");
    }

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("rules");
        var steps = (body.ObjectsOr("steps") ?? []).Select(Step.Read).ToList();
        var demands = (body.ObjectsOr("demands") ?? []).Select(ReadDemand).ToList();
        body.Done();
        if (steps.Count > Step.Most || demands.Count > MostDemands) throw CloudError.Invalid($"At most {Step.Most} steps and {MostDemands} demands.");
        return await database.Write(call.Actor, async tx =>
        {
            await MustSet(tx, call);
            var id = call["id"];
            var path = await rules.Path(tx, id);
            if (steps.FirstOrDefault(s => s.At is { } at && !Step.Places.Contains(at) && !path.Contains(at)) is { } stray)
                throw CloudError.Invalid($"{stray.At} is neither {string.Join(", ", Step.Places)} nor this organisation or one above it.");
            await tx.Db<ApprovalsDb>().Rules.Where(r => r.NodeId == id).ExecuteDeleteAsync();
            tx.Db<ApprovalsDb>().Add(new RuleRow { NodeId = id, Steps = Step.Text(steps), Demands = JsonSerializer.Serialize(demands, Json.Options), UpdatedAt = tx.Now });
            await tx.Save();
            tx.Audit(call.Verb, "approval_rule", id, id, new { steps = steps.Count, demands });
            return await Body(tx, id);
        });
    }

    private Demand ReadDemand(Fields f)
    {
        var demand = new Demand(f.TextOr("resource", 1, 64), f.NumberOr("over", 0, long.MaxValue / 2) ?? 0, f.OneOf("deletes", [.. Kinds.Deletable]));
        f.Done();
        if ((demand.Resource is null) == (demand.Deletes is null)) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("resource")}: a demand names a resource or what is deleted, one of both.");
        if (demand.Resource is null) return demand;
        return tree.Units.ContainsKey(demand.Resource!) ? demand : throw CloudError.Invalid($"Invalid input for field/attribute {f.At("resource")}: there are {string.Join(", ", tree.Units.Keys)}.");
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            await MustSet(tx, call);
            var id = call["id"];
            if (await tx.Db<ApprovalsDb>().Rules.Where(r => r.NodeId == id).ExecuteDeleteAsync() == 0) throw CloudError.NotFound($"The organisation {id} has no rules of its own.");
            tx.Audit(call.Verb, "approval_rule", id, id);
        });
        return Answer.NoContent;
    }

    private async Task<Answer> Body(Query q, string id)
    {
        var rule = await rules.Nearest(q, id);
        return Answer.Ok(new JsonObject
        {
            ["organisation_id"] = id, ["from"] = rule?.NodeId, ["steps"] = JsonNode.Parse(rule?.Steps ?? "[]"), ["demands"] = JsonNode.Parse(rule?.Demands ?? "[]"),
        });
    }
}
