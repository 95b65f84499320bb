using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;

namespace Xiangyun.Capacity.Forecasting;

/// <summary>One resource of one zone: its past, and where there is enough of it, what comes.</summary>
internal sealed record Course(string Zone, string Resource, IReadOnlyList<DayRow> Days, Forecast? Forecast)
{
    public DayRow Last => Days[^1];
    public int? P10 => Forecast is { } f ? Fan.Left(f.Fan.P90, Last.Capacity) : null;
    public int? P50 => Forecast is { } f ? Fan.Left(f.Fan.P50, Last.Capacity) : null;
    public int? P90 => Forecast is { } f ? Fan.Left(f.Fan.P10, Last.Capacity) : null;
}

/// <summary>For how long what is left suffices. A forecast is made once for each new row of the past and remembered.</summary>
internal sealed class Runway
{
    private const int Past = 400;
    private readonly ConcurrentDictionary<(string, string), (long Day, long Allocated, Forecast? Forecast)> _made = new();

    public async Task<IReadOnlyList<Course>> All(Query q, string? zone = null, string? resource = null)
    {
        var since = DaySurvey.Today(q.Now) - Past;
        var rows = await q.Db<CapacityDb>().Days.Where(d => d.Day >= since && (zone == null || d.Zone == zone) && (resource == null || d.Resource == resource)).OrderBy(d => d.Day).ToListAsync();
        return [.. rows.GroupBy(d => (d.Zone, d.Resource)).OrderBy(g => g.Key.Zone, StringComparer.Ordinal).ThenBy(g => g.Key.Resource, StringComparer.Ordinal).Select(g => Of(g.Key.Zone, g.Key.Resource, [.. g]))];
    }

    private Course Of(string zone, string resource, IReadOnlyList<DayRow> days)
    {
        var last = days[^1];
        if (!_made.TryGetValue((zone, resource), out var made) || made.Day != last.Day || made.Allocated != last.Allocated)
            _made[(zone, resource)] = made = (last.Day, last.Allocated, Forecast.Of(Daily(days)));
        return new Course(zone, resource, days, made.Forecast);
    }

    /// <summary>One value a day: what nobody looked at lies on the line between its neighbours.</summary>
    public static IReadOnlyList<double> Daily(IReadOnlyList<DayRow> days)
    {
        var values = new List<double> { days[0].Allocated };
        foreach (var (before, after) in days.Zip(days.Skip(1)))
            for (var d = before.Day + 1; d <= after.Day; d++) values.Add(before.Allocated + (after.Allocated - before.Allocated) * (double)(d - before.Day) / (after.Day - before.Day));
        return values;
    }
}
