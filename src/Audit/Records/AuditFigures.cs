using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;
using Xiangyun.Store.Figures;

namespace Xiangyun.Audit.Records;

/// <summary>What was done and what was refused in the last 24 hours, and how many records the chain holds. Counted once a minute: a day may have a million records.</summary>
internal sealed class AuditFigures : IFigures
{
    private const long Day = 24L * 3_600_000;
    private const int Period = 60;
    private volatile IReadOnlyList<Figure> _last = [];

    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        if (_last is [{ AsOf: { } of }, ..] && q.Now - of < Period * 1000) return _last;
        var (rows, first) = (q.Db<AuditDb>().Audit, Id.FirstAt(q.Now - Day));
        Figure Counted(string key, long value, string unit, string evidence) => new(key, value, unit, evidence) { AsOf = q.Now, Period = Period };
        return _last =
        [
            Counted("audit.records_24h", await rows.LongCountAsync(a => string.Compare(a.Id, first) >= 0), "records in 24 hours", "/audit"),
            Counted("audit.refused_24h", await rows.LongCountAsync(a => string.Compare(a.Id, first) >= 0 && a.Result != AuditRow.Done), "refused or failed in 24 hours", "/audit?f.result=refused"),
            Counted("audit.chained", await rows.MaxAsync(a => a.Seq) ?? 0, "records in the chain", "/audit"),
        ];
    }
}
