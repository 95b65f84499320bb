using Microsoft.EntityFrameworkCore;
using Xiangyun.Approvals.Plans;
using Xiangyun.Approvals.Public;
using Xiangyun.Store;

namespace Xiangyun.Approvals.Rules;

/// <summary>What modules above may ask about rules, protections and prices.</summary>
internal sealed class Face(RuleStore rules) : IDemands, IPrices
{
    public async Task<bool> Covers(Query q, string projectId, IReadOnlyDictionary<string, long> adds)
    {
        var amounts = adds.Select(a => new Amount(a.Key, "", 0, a.Value, null, null)).ToList();
        return (await rules.Demands(q, projectId)).Any(d => d.Covers(amounts));
    }

    public async Task<bool> CoversDeletion(Query q, string projectId, string kind) => (await rules.Demands(q, projectId)).Any(d => d.Deletes == kind);

    public async Task<string?> Protection(Query q, string kind, string id) => await q.Db<ApprovalsDb>().Protections.Where(p => p.Kind == kind && p.Id == id).Select(p => p.Reason).SingleOrDefaultAsync();

    public async Task<PriceList> Now(Query q)
    {
        var prices = await Prices.Read(q);
        return new PriceList(prices.Currency, prices.PerUnit);
    }
}
