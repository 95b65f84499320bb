using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Capacity.Advice;
using Xiangyun.Capacity.Idle;
using Xiangyun.Store;
using Xiangyun.Store.Alarms;

namespace Xiangyun.Capacity.Forecasting;

/// <summary>What of capacity is wrong now: too few days left, advice that failed, questions that nobody answers.</summary>
internal sealed class CapacityAlarms(Runway runway) : IAlarmSource
{
    private const string Days = "capacity.days_left", Failed = "capacity.resize_failed", Unanswered = "capacity.unanswered";
    private const long Fresh = 7L * 24 * 3_600_000;

    public IReadOnlyList<AlarmKind> Kinds { get; } =
    [
        new(Days, "{resource} of {zone} is forecast to last {days} days (at worst {worst}).") { Limits = [new($"{Days}.major_days", 30, 0, 365, "days"), new($"{Days}.minor_days", 90, 0, 365, "days")] },
        new(Failed, "The accepted resize of {server} failed: {why}"),
        new(Unanswered, "{count} idle things wait for an answer and cost {cost} a month."),
    ];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        var found = new List<Condition>();
        foreach (var c in await runway.All(q))
        {
            if (c.P50 is not { } days || days >= limits[$"{Days}.minor_days"]) continue;
            var zone = c.Zone.Length == 0 ? "the cloud" : c.Zone;
            found.Add(new Condition { Key = $"{Days}:{c.Zone}:{c.Resource}", Kind = Days, Severity = days < limits[$"{Days}.major_days"] ? Severity.Major : Severity.Minor, ObjectKind = "zone", ObjectId = c.Zone.Length == 0 ? "cloud" : c.Zone, ObjectName = zone, Values = new Dictionary<string, string> { ["resource"] = DaySurvey.Units[c.Resource], ["zone"] = zone, ["days"] = Text(days), ["worst"] = Text(c.P10 ?? days) } });
        }
        var since = q.Now - Fresh;
        foreach (var a in await q.Db<CapacityDb>().Advice.Where(a => a.State == States.Failed && a.UpdatedAt >= since).ToListAsync())
            found.Add(new Condition { Key = $"{Failed}:{a.Id}", Kind = Failed, Severity = Severity.Warning, ObjectKind = "server", ObjectId = a.ServerId, ObjectName = a.ServerName, ProjectId = a.ProjectId, Since = a.UpdatedAt, Values = new Dictionary<string, string> { ["server"] = a.ServerName, ["why"] = a.Error ?? "" } });
        foreach (var g in await q.Db<CapacityDb>().Idle.Where(i => i.State == IdleStates.Open && i.EscalatedAt != null).GroupBy(i => i.ProjectId).Select(g => new { g.Key, Count = g.Count(), Cost = g.Sum(i => i.Cost), Since = g.Min(i => i.EscalatedAt) }).ToListAsync())
            found.Add(new Condition { Key = $"{Unanswered}:{g.Key}", Kind = Unanswered, Severity = Severity.Warning, ObjectKind = "project", ObjectId = g.Key, ProjectId = g.Key, Since = g.Since, Values = new Dictionary<string, string> { ["count"] = Text(g.Count), ["cost"] = (g.Cost / 100.0).ToString("0.##", CultureInfo.InvariantCulture) } });
        return found;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
