using Microsoft.EntityFrameworkCore;
using Xiangyun.Energy.Counting;
using Xiangyun.Store;

namespace Xiangyun.Energy.Api;

/// <summary>Watt-hours of one host, project or the cloud by hour (since 1970).</summary>
internal sealed record Series(string Id, SortedDictionary<long, (double WattHours, double Measured)> Hours)
{
    public double WattHours => Hours.Values.Sum(h => h.WattHours);
    public double Measured => Hours.Values.Sum(h => h.Measured);
}

/// <summary>Reads hours back: those of the months, and the one that is under way.</summary>
internal static class Ledger
{
    /// <param name="from">First hour.</param>
    /// <param name="to">The hour after the last.</param>
    public static async Task<List<Series>> Read(Query q, string kind, long from, long to, IReadOnlyCollection<string>? only = null)
    {
        var (first, last) = (Moments.Of(from).Month, Moments.Of(to - 1).Month);
        var rows = q.Db<EnergyDb>().Months.Where(m => m.Kind == kind && m.Month >= first && m.Month <= last);
        if (only is not null) rows = rows.Where(m => only.Contains(m.Id));
        var found = new Dictionary<string, Series>();
        SortedDictionary<long, (double, double)> Of(string id) => (found.TryGetValue(id, out var known) ? known : found[id] = new Series(id, [])).Hours;
        foreach (var row in await rows.ToListAsync())
        {
            var (hours, start) = (Hours.Read(row.Data), Moments.First(row.Month));
            for (var i = (int)Math.Max(0, from - start); i < Math.Min(31 * 24, to - start); i++)
                if (hours[i] is { } known) Of(row.Id)[start + i] = (known, known * hours.Measured(i) / 100.0);
        }
        if (await q.Db<EnergyDb>().Open.SingleOrDefaultAsync() is { } open && open.Hour >= from && open.Hour < to)
            foreach (var (_, id, wattHours, measured) in OpenHour.Read(open.Data).All.Where(s => s.Kind == kind && only?.Contains(s.Id) != false)) Of(id)[open.Hour] = (wattHours, measured);
        return [.. found.Values];
    }
}
