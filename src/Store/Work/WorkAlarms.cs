using Xiangyun.Store.Alarms;

namespace Xiangyun.Store.Work;

/// <summary>Work that keeps failing: one alarm for each kind, with the words of the key that was tried most often.</summary>
internal sealed class WorkAlarms : IAlarmSource
{
    private const string Failing = "work.failing", Attempts = Failing + ".attempts";

    public IReadOnlyList<AlarmKind> Kinds { get; } =
        [new(Failing, "{count} pieces of work of the kind {work} keep failing: {why}") { HoldSeconds = 150, Limits = [new(Attempts, 8, 3, 100, "attempts")] }];

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        await using var command = q.Command("SELECT kind, id, attempts, last_error FROM work WHERE last_error IS NOT NULL AND attempts >= @n ORDER BY attempts DESC", ("@n", (long)limits[Attempts]));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string Kind, string Id, string Why)>();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(3)));
        return [.. rows.GroupBy(r => r.Kind).Select(g => new Condition
        {
            Key = $"{Failing}:{g.Key}", Kind = Failing, Severity = Severity.Minor, ObjectKind = "work", ObjectId = g.Key, ObjectName = g.Key,
            Values = new Dictionary<string, string> { ["work"] = g.Key, ["count"] = $"{g.Count()}", ["why"] = g.First().Why is { Length: > 300 } w ? w[..300] + "..." : g.First().Why },
        })];
    }
}
