using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Operations.Webhook;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Operations.Alarms;

/// <summary>
/// The rows of alarms. One writer at a time compares them with what was told; what people write (acknowledged, silenced) are other columns,
/// so that neither overwrites the other.
/// </summary>
internal sealed class AlarmBook(Kinds kinds, IBranches branches, Outbox outbox)
{
    private const string Lock = "alarms";
    private const long Touch = 60_000, History = 180L * 24 * 3_600_000;

    /// <param name="asked">The kinds that were asked for: what is not told of these is over.</param>
    public async Task Follow(Tx tx, IReadOnlyList<Condition> told, IReadOnlySet<string> asked)
    {
        await tx.Lock(Lock);
        var names = asked.ToList();
        var open = await tx.Db<OperationsDb>().Alarms.Where(a => a.ClearedAt == null && names.Contains(a.Kind)).ToDictionaryAsync(a => a.Key);
        var present = told.ToDictionary(c => c.Key);
        var domains = await branches.DomainsOf(tx, [.. told.Where(c => !open.ContainsKey(c.Key)).Select(c => c.ProjectId).OfType<string>().Distinct()]);
        foreach (var condition in told)
        {
            var row = open.GetValueOrDefault(condition.Key);
            var step = AlarmRules.Of(row, Since(tx, row, condition), Hold(condition.Kind), tx.Now);
            if (row is null) await Add(tx, condition, domains, step == AlarmRules.Step.Raise);
            else await Update(tx, row, condition, step);
        }
        foreach (var row in open.Values.Where(r => !present.ContainsKey(r.Key))) await Absent(tx, row, AlarmRules.Of(row, null, Hold(row.Kind), tx.Now));
        foreach (var seen in open.Values.Where(r => r.LastSeenAt < tx.Now - Touch && present.ContainsKey(r.Key)).Select(r => r.Id).Chunk(400))
            await tx.Db<OperationsDb>().Alarms.Where(a => a.ClearedAt == null && seen.Contains(a.Id)).ExecuteUpdateAsync(s => s.SetProperty(a => a.LastSeenAt, tx.Now));
        await tx.Db<OperationsDb>().Alarms.Where(a => a.ClearedAt < tx.Now - History).ExecuteDeleteAsync();
    }

    private static long Since(Tx tx, AlarmRow? row, Condition condition) => Math.Min(tx.Now, condition.Since ?? row?.NoticedAt ?? tx.Now);

    private long Hold(string kind) => kinds.All.TryGetValue(kind, out var known) ? known.HoldSeconds * 1000L : 0;

    private async Task Add(Tx tx, Condition c, IReadOnlyDictionary<string, string> domains, bool raise)
    {
        var last = await tx.Db<OperationsDb>().Alarms.Where(a => a.Key == c.Key && a.SilencedUntil > tx.Now).OrderByDescending(a => a.Id).FirstOrDefaultAsync();
        var row = new AlarmRow
        {
            Id = Id.New(), Key = c.Key, Kind = c.Kind, Severity = (long)c.Severity, ObjectKind = c.ObjectKind, ObjectId = c.ObjectId, ObjectName = c.ObjectName,
            ProjectId = c.ProjectId, DomainId = c.DomainId ?? (c.ProjectId is { } p ? domains.GetValueOrDefault(p) : null), MessageValues = Values(c),
            NoticedAt = Math.Min(tx.Now, c.Since ?? tx.Now), RaisedAt = raise ? tx.Now : null, LastSeenAt = tx.Now, SilencedUntil = last?.SilencedUntil, SilencedBy = last?.SilencedBy,
        };
        tx.Db<OperationsDb>().Add(row);
        if (raise) await outbox.Tell(tx, row, Outbox.Raised);
    }

    /// <summary>When it became worse, an acknowledgement of what it was does not count any more.</summary>
    private async Task Update(Tx tx, AlarmRow row, Condition c, AlarmRules.Step step)
    {
        var (severity, values, worse, raise) = ((long)c.Severity, Values(c), (long)c.Severity > row.Severity, step == AlarmRules.Step.Raise);
        if (step == AlarmRules.Step.None && severity == row.Severity && values == row.MessageValues && c.ObjectName == row.ObjectName) return;
        var rows = tx.Db<OperationsDb>().Alarms.Where(a => a.Id == row.Id && a.ClearedAt == null);
        await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.Severity, severity).SetProperty(a => a.MessageValues, values).SetProperty(a => a.ObjectName, c.ObjectName).SetProperty(a => a.LastSeenAt, tx.Now)
            .SetProperty(a => a.MissingSince, (long?)null).SetProperty(a => a.RaisedAt, a => a.RaisedAt ?? (raise ? tx.Now : null)));
        if (worse) await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.AcknowledgedAt, (long?)null).SetProperty(a => a.AcknowledgedBy, (string?)null).SetProperty(a => a.AcknowledgedName, (string?)null));
        if ((raise || worse && row.RaisedAt is not null) && await rows.SingleOrDefaultAsync() is { } now) await outbox.Tell(tx, now, raise ? Outbox.Raised : Outbox.Worse);
    }

    private async Task Absent(Tx tx, AlarmRow row, AlarmRules.Step step)
    {
        var rows = tx.Db<OperationsDb>().Alarms.Where(a => a.Id == row.Id && a.ClearedAt == null);
        if (step == AlarmRules.Step.Forget) await rows.ExecuteDeleteAsync();
        if (step is AlarmRules.Step.Miss or AlarmRules.Step.Clear) await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.MissingSince, a => a.MissingSince ?? tx.Now));
        if (step != AlarmRules.Step.Clear || await rows.ExecuteUpdateAsync(s => s.SetProperty(a => a.ClearedAt, tx.Now)) == 0) return;
        await outbox.Tell(tx, await tx.Db<OperationsDb>().Alarms.SingleAsync(a => a.Id == row.Id), Outbox.Cleared);
    }

    private static string Values(Condition c) => JsonSerializer.Serialize(c.Values.OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary());
}
