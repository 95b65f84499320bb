using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Figures;

namespace Xiangyun.Operations.Alarms;

/// <summary>Alarms that are not over, by severity and by whose they are.</summary>
internal sealed class AlarmFigures : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var rows = await q.Db<OperationsDb>().Alarms.Where(a => a.ClearedAt == null && a.RaisedAt != null && (a.SilencedUntil == null || a.SilencedUntil <= q.Now)).GroupBy(a => new { a.Severity, a.DomainId }).Select(g => new { g.Key.Severity, g.Key.DomainId, Count = g.Count() }).ToListAsync();
        Figure Counted(Severity s, string name) => new("alarms." + name, rows.Where(r => r.Severity == (long)s).Sum(r => r.Count), "alarms", "/alarms?f.severity=" + name);
        return
        [
            new("alarms", rows.Sum(r => r.Count), "alarms", "/alarms") { Shares = rows.Where(r => r.DomainId is not null).GroupBy(r => r.DomainId!).ToDictionary(g => g.Key, g => (double)g.Sum(r => r.Count)) },
            Counted(Severity.Critical, "critical"), Counted(Severity.Major, "major"), Counted(Severity.Minor, "minor"), Counted(Severity.Warning, "warning"),
        ];
    }
}
