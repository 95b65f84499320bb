using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Wire;

namespace Xiangyun.Approvals.Rules;

/// <summary>The rules that hold at a node: its own, else those of the nearest node above that has any.</summary>
internal sealed class RuleStore(IOrganisations organisations)
{
    /// <summary>The node itself and what lies above it, up to the cloud.</summary>
    public async Task<IReadOnlyList<string>> Path(Query q, string id) => [id, .. await organisations.Above(q, id)];

    public async Task<RuleRow?> Nearest(Query q, string id)
    {
        var path = await Path(q, id);
        var rows = await q.Db<ApprovalsDb>().Rules.Where(r => path.Contains(r.NodeId)).ToListAsync();
        return path.Select(node => rows.Find(r => r.NodeId == node)).FirstOrDefault(r => r is not null);
    }

    /// <summary>Asked before every create: where nobody demands anything it is one small query.</summary>
    public async Task<IReadOnlyList<Demand>> Demands(Query q, string projectId) =>
        await AnyDemand(q) && await Nearest(q, projectId) is { } rule ? Demand.Parse(rule.Demands) : [];

    public Task<bool> AnyDemand(Query q) => q.Db<ApprovalsDb>().Rules.AnyAsync(r => r.Demands != "[]");

    public async Task<IReadOnlyList<Step>> Steps(Query q, string id)
    {
        if (await Nearest(q, id) is not { } rule) return [];
        var path = await Path(q, id);
        return [.. Step.Parse(rule.Steps).Select(s => s.From(path))];
    }

    /// <summary>What a wish would have to pass, for who only looks.</summary>
    public async Task<JsonObject> Wire(Query q, string id, IReadOnlyList<Amount> amounts) => new()
    {
        ["needed"] = (await Demands(q, id)).Any(d => d.Covers(amounts)), ["steps"] = JsonSerializer.SerializeToNode(await Steps(q, id), Json.Options),
    };
}
