using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Audit.Keys;
using Xiangyun.Evidence;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Retention;

/// <summary>
/// Removes records when their time is over, always up to a signed head. First the stub that says so is signed and
/// committed, then the rows go in small transactions: whoever finds them gone finds the reason, and the rest still checks.
/// </summary>
internal sealed class Pruner(Database database, KeyRing ring, TimeProvider clock, ILogger<Pruner> log)
{
    private const int AtOnce = 1000;

    public static Task<StubRow?> Last(Query q) => q.Db<EvidenceDb>().Stubs.OrderByDescending(s => s.Seq).FirstOrDefaultAsync();

    public async Task Prune(CancellationToken ct)
    {
        if (await ring.Current(ct) is not { } key) return;
        await Sign(key, ct);
        if (await database.Read(Last, ct) is not { } stub) return;
        long gone = 0;
        int removed;
        do
        {
            removed = await database.Write(Actor.System, async tx =>
            {
                await tx.Db<EvidenceDb>().Heads.Where(h => h.Seq < stub.Seq).ExecuteDeleteAsync(ct);
                return await ChainTable.Remove(tx, stub.Seq, AtOnce);
            }, ct);
            gone += removed;
        } while (removed == AtOnce);
        if (gone > 0) log.Pruned(gone, stub.Seq, stub.RetentionDays);
    }

    /// <summary>A record is never younger than the head that covers it, so a head that is old enough speaks for all below it.</summary>
    private Task Sign(SigningKey key, CancellationToken ct) => database.Write(Actor.System, async tx =>
    {
        await tx.Lock(ChainTable.Lock);
        var days = await Keeping.Days(tx);
        var before = clock.Ms() - (long)TimeSpan.FromDays(days).TotalMilliseconds;
        var last = (await Last(tx))?.Seq ?? 0;
        if (await tx.Db<EvidenceDb>().Heads.Where(h => h.At < before && h.Seq > last).OrderByDescending(h => h.Seq).FirstOrDefaultAsync(ct) is not { } head) return;
        var statement = Statement.OfStub(head.Seq, head.Hash, tx.Now, days, key.Id);
        tx.Db<EvidenceDb>().Add(new StubRow { Seq = head.Seq, Hash = head.Hash, At = tx.Now, RetentionDays = days, KeyId = key.Id, Signature = key.Sign(statement) });
        tx.Audit("audit.prune", "audit", $"{head.Seq}", null, new { from = last + 1, to = head.Seq, days });
    }, ct);
}
