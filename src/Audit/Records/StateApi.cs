using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Chain;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Retention;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Wire;

namespace Xiangyun.Audit.Records;

/// <summary>How far the chain reaches, what waits, what was signed last, and whether this server can sign.</summary>
internal sealed class StateApi(Database database, KeyRing ring) : IApi
{
    public Service Service => AuditModule.Service;

    public void Map(Routes r) => r.Get("/audit/state", "audit:read", Show);

    private async Task<Answer> Show(Call call)
    {
        var canSign = await ring.Current(call.Stop) is not null;
        return await database.Read(async q =>
        {
            var (seq, hash) = await ChainTable.Tip(q);
            var waiting = q.Db<AuditDb>().Audit.Where(a => a.Seq == null);
            var (count, oldest) = (await waiting.LongCountAsync(), await waiting.OrderBy(a => a.Id).Select(a => (long?)a.At).FirstOrDefaultAsync());
            var (head, stub) = (await Notary.Last(q), await Pruner.Last(q));
            return Answer.Ok(new
            {
                state = new
                {
                    level = database.AuditLevel.ToString().ToLowerInvariant(), chained_seq = seq, chained_hash = hash, waiting = count, oldest_waiting_at = Clock.Seconds(oldest),
                    signed_seq = head?.Seq, signed_at = Clock.Seconds(head?.At), key = head?.KeyId, can_sign = canSign, removed_seq = stub?.Seq, retention_days = await Keeping.Days(q),
                },
            });
        });
    }
}
