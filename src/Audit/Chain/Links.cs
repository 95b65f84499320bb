using Microsoft.EntityFrameworkCore;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Chain;

/// <summary>
/// Gives waiting records their places. Reading and hashing happen outside of the write transaction, which only checks that
/// the chain still ends where it did: two servers that try at once cost one of them a try, never an order.
/// </summary>
internal sealed class Links(Database database, Organisation organisation)
{
    public const int Batch = 500;

    /// <returns>How many were chained; 0 when none waits or another server was quicker.</returns>
    public async Task<int> Chain(CancellationToken ct)
    {
        var (tip, links) = await database.Read(Next, ct);
        if (links.Count == 0) return 0;
        return await database.Write(Actor.System, tx => ChainTable.Append(tx, tip, links), ct) ? links.Count : 0;
    }

    private async Task<(long Tip, List<Link> Links)> Next(Query q)
    {
        var links = new List<Link>();
        if (!await ChainTable.AnyWaiting(q)) return (0, links);
        var (seq, text) = await ChainTable.Tip(q);
        var hash = text is null ? Evidence.Chain.Beginning : Convert.FromHexString(text);
        var rows = await q.Db<AuditDb>().Audit.Where(a => a.Seq == null).OrderBy(a => a.Id).Take(Batch).ToListAsync();
        var domains = await organisation.Of(q, rows);
        for (var i = 0; i < rows.Count; i++)
        {
            var domain = domains.GetValueOrDefault(rows[i].Id);
            hash = Evidence.Chain.Next(hash, Sm3.Of(RecordBytes.Of(rows[i], seq + i + 1, domain)));
            links.Add(new Link(rows[i].Id, seq + i + 1, Hex.Of(hash), domain));
        }
        return (seq, links);
    }
}
