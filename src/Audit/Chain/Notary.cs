using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Keys;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Chain;

/// <summary>Signs the end of the chain: each minute in which something happened, and after each thousand records.</summary>
internal sealed class Notary(Database database, KeyRing ring, TimeProvider clock)
{
    private const long MostRecords = 1000;
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static Task<HeadRow?> Last(Query q) => q.Db<EvidenceDb>().Heads.OrderByDescending(h => h.Seq).FirstOrDefaultAsync();

    public async Task SignWhenDue(CancellationToken ct)
    {
        var (tip, last) = await database.Read(async q => (await ChainTable.Tip(q), await Last(q)), ct);
        if (tip.Seq <= (last?.Seq ?? 0)) return;
        if (last is null || clock.Ms() - last.At >= Longest.TotalMilliseconds || tip.Seq - last.Seq >= MostRecords) await Sign(tip.Seq, tip.Hash!, ct);
    }

    /// <summary>Signs what there is now, for somebody who takes a copy.</summary>
    /// <exception cref="CloudError">This server cannot sign.</exception>
    public async Task SignNow(CancellationToken ct)
    {
        var (tip, last) = await database.Read(async q => (await ChainTable.Tip(q), await Last(q)), ct);
        if (tip.Seq > (last?.Seq ?? 0) && !await Sign(tip.Seq, tip.Hash!, ct)) throw KeyRing.CannotSign();
    }

    private async Task<bool> Sign(long seq, string hash, CancellationToken ct)
    {
        if (await ring.Current(ct) is not { } key) return false;
        var at = clock.Ms();
        var row = new HeadRow { Seq = seq, Hash = hash, At = at, KeyId = key.Id, Signature = key.Sign(Statement.OfHead(seq, hash, at, key.Id)) };
        await database.Write(Actor.System, async tx =>
        {
            await tx.Lock(ChainTable.Lock);
            if (!await tx.Db<EvidenceDb>().Heads.AnyAsync(h => h.Seq == seq)) tx.Db<EvidenceDb>().Add(row);
        }, ct);
        return true;
    }
}
