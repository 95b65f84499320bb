using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Store.Recycling;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Keeping;

/// <summary>/organisations/{id}/recycle-rules: for how many seconds what is deleted there and below stays in the recycle bin.</summary>
internal sealed class RecycleRuleApi(Database database, IEnumerable<IRecycled> all, QuotaTree tree, IPower power) : IApi
{
    private const string Path = "/organisations/{id}/recycle-rules";

    public Service Service => ApprovalsModule.Service;

    public void Map(Routes r)
    {
        r.Get(Path, "approval:read", call => database.Read(async q => { await Visible(q, call); return await Body(q, call["id"]); }, call.Stop));
        r.Put(Path, "approval:rules", "recycle_rule.set", Set);
    }

    private async Task Visible(Query q, Call call)
    {
        if (!await power.Sees(q, call.Actor, call["id"])) throw CloudError.NotFound($"There is no organisation {call["id"]}.");
    }

    private async Task<Answer> Set(Call call)
    {
        var body = await call.Body("keep_seconds");
        var wanted = all.Select(r => r.Kind).Where(body.Has).ToDictionary(kind => kind, kind => body.Raw(kind)!.Value.ValueKind == System.Text.Json.JsonValueKind.Null ? (long?)null : body.Number(kind, 0, RecycleRules.Longest));
        body.Done();
        return await database.Write(call.Actor, async tx =>
        {
            await Visible(tx, call);
            var id = call["id"];
            if (!await power.Manages(tx, call.Actor, id)) throw CloudError.Forbidden("The recycle rules of an organisation are set by its manager.");
            foreach (var (kind, seconds) in wanted)
            {
                await RecycleRules.Rows(tx).Where(r => r.NodeId == id && r.Kind == kind).ExecuteDeleteAsync();
                if (seconds is { } number) RecycleRules.Add(tx, new RecycleRow { NodeId = id, Kind = kind, Seconds = number });
            }
            await tx.Save();
            tx.Audit(call.Verb, "recycle_rule", id, id, wanted);
            return await Body(tx, id);
        }, call.Stop);
    }

    /// <summary>What holds at this node, and which node says so.</summary>
    private async Task<Answer> Body(Query q, string id)
    {
        var path = await tree.PathOf(q, id);
        var rows = await RecycleRules.Rows(q).Where(r => path.Contains(r.NodeId)).ToListAsync();
        var keep = new JsonObject();
        foreach (var kind in all.Select(r => r.Kind).Order(StringComparer.Ordinal))
        {
            var rule = path.Select(node => rows.Find(r => r.NodeId == node && r.Kind == kind)).FirstOrDefault(r => r is not null);
            keep[kind] = new JsonObject { ["seconds"] = rule?.Seconds ?? 0, ["from"] = rule?.NodeId };
        }
        return Answer.Ok(new JsonObject { ["organisation_id"] = id, ["keep"] = keep });
    }
}
