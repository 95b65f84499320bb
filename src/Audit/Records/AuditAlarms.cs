using Microsoft.EntityFrameworkCore;
using Xiangyun.Audit.Keys;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Records;

/// <summary>The audit log must be chained within moments and must be signed: when either stops, what happens meanwhile is not proven.</summary>
internal sealed class AuditAlarms(KeyRing ring) : IAlarmSource
{
    private const string Unsigned = "audit.unsigned", Behind = "audit.behind", Most = Behind + ".minutes";

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Unsigned, "The audit log cannot be signed: this server has no key that it can open.") { HoldSeconds = 30 },
        new(Behind, "Audit records have waited {minutes} minutes for their place in the chain.") { Limits = [new(Most, 5, 1, 1440, "min")] },
    ];

    public TimeSpan Period => TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        if (await ring.Current(default) is null) found.Add(Of(Unsigned));
        var oldest = await q.Db<AuditDb>().Audit.Where(a => a.Seq == null).OrderBy(a => a.Id).Select(a => (long?)a.At).FirstOrDefaultAsync();
        if (oldest is { } at && (q.Now - at) / 60_000 is var minutes && minutes >= limits[Most]) found.Add(Of(Behind) with { Since = at, Values = new Dictionary<string, string> { ["minutes"] = $"{minutes}" } });
        return found;
    }

    private static Condition Of(string kind) => new() { Key = kind, Kind = kind, Severity = Severity.Critical, ObjectKind = "audit", ObjectId = "cloud" };
}
