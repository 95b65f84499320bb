using System.Globalization;

namespace Xiangyun.Store.Alarms;

/// <summary>How large the database is, by its own account.</summary>
internal sealed class DatabaseAlarms : IAlarmSource
{
    private const string Size = "database.size", Most = Size + ".gib";

    public IReadOnlyList<AlarmKind> Kinds { get; } = [new(Size, "The database holds {gib} GiB; it was meant to stay below {limit} GiB.") { HoldSeconds = 60, Limits = [new(Most, 50, 1, 100_000, "GiB")] }];

    public TimeSpan Period => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Condition>> Now(Query q, AlarmLimits limits)
    {
        await using var command = q.Command(q.Engine.IsPostgres ? "SELECT pg_database_size(current_database())" : "SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())");
        var gib = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) / (double)(1L << 30);
        return gib < limits[Most] ? [] : [new Condition
        {
            Key = Size, Kind = Size, Severity = Severity.Minor, ObjectKind = "database", ObjectId = "cloud",
            Values = new Dictionary<string, string> { ["gib"] = gib.ToString("0.0", CultureInfo.InvariantCulture), ["limit"] = limits[Most].ToString("0", CultureInfo.InvariantCulture) },
        }];
    }
}
