using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Energy.Counting;
using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Energy.Api;

/// <summary>/energy: kWh of a time by host, by bureau or of the whole cloud, each with how much of it was measured, and what it cost.</summary>
internal sealed class EnergyApi(Database database, IHosts hosts, IBranches branches, IProjects projects) : IApi
{
    private const long MostHours = 401 * 24, MostPoints = 500_000;

    public Service Service => SettingsApi.Own;

    public void Map(Routes r) => r.Get("/energy", "energy:read", Show);

    private async Task<Answer> Show(Call call)
    {
        var by = call.QueryOr("by") ?? "cloud";
        if (by is not ("host" or "bureau" or "cloud")) throw CloudError.Invalid($"Invalid input for field/attribute by. Value: {by}. It must be one of: host, bureau, cloud.");
        var points = call.QueryOr("points") ?? (by == "cloud" ? "hour" : "none");
        if (points is not ("none" or "hour" or "day")) throw CloudError.Invalid($"Invalid input for field/attribute points. Value: {points}. It must be one of: none, hour, day.");
        return await database.Read(async q =>
        {
            var to = Moment(call, "to") is { } end ? (end + Moments.Hour - 1) / Moments.Hour : q.Now / Moments.Hour + 1;
            var from = Moment(call, "from") is { } begin ? begin / Moments.Hour : to - 24;
            if (from >= to) throw CloudError.Invalid("Invalid input for field/attribute from: it must be before to.");
            if (to - from > MostHours) throw CloudError.Invalid($"Invalid input for field/attribute from: at most {MostHours / 24} days may be asked for at once.");
            var settings = await EnergySettings.Read(q);
            var series = by switch
            {
                "cloud" => Named(await Ledger.Read(q, MonthRow.Cloud, from, to), _ => "cloud"),
                "host" => await ByHost(q, from, to, call.QueryOr("id")),
                _ => await ByBureau(q, from, to),
            };
            if (points == "hour" && series.Sum(s => (long)s.Series.Hours.Count) > MostPoints) throw CloudError.Invalid("That many points are not told at once: ask for days, a shorter time, or one host (id).");
            var counted = await q.Db<EnergyDb>().Open.Select(o => (long?)o.At).SingleOrDefaultAsync();
            var seconds = Math.Round((await Ledger.Read(q, MonthRow.Time, from, to)).Sum(s => s.WattHours));
            var more = by == "cloud" && points != "none" ? await More(q, from, to) : null;
            return Answer.Ok(new
            {
                energy = new
                {
                    from = from * Moments.Hour, to = to * Moments.Hour, by, settings.Pue, settings.PricePerKwh, settings.Currency, settings.CarbonKgPerKwh, counted_to = counted, counted_seconds = seconds,
                    series = series.OrderByDescending(s => s.Series.WattHours).Select(s => Wire(s.Series, s.Name, settings, points, more)),
                },
            });
        });
    }

    private static object Wire(Series s, string? name, EnergySettings settings, string points, Func<List<long>, double?[]>? more)
    {
        var kwh = s.WattHours / 1000;
        return new
        {
            id = s.Id.Length == 0 ? null : s.Id, name, kwh = Math.Round(kwh, 3), measured_percent = s.WattHours > 0 ? Math.Round(100 * s.Measured / s.WattHours, 1) : 0, hours_known = s.Hours.Count,
            cost = Math.Round(kwh * settings.Pue * settings.PricePerKwh, 2), carbon_kg = Math.Round(kwh * settings.Pue * settings.CarbonKgPerKwh, 2),
            points = points == "none" ? null : s.Hours.GroupBy(h => points == "day" ? h.Key / 24 * 24 : h.Key)
                .Select(g => (double?[])[g.Key * Moments.Hour, Math.Round(g.Sum(h => h.Value.WattHours) / 1000, 4), .. more?.Invoke([.. g.Select(h => h.Key)]) ?? [null]]),
        };
    }

    /// <summary>How much of the processors of all hosts that were on was in use, in per cent; and of an hour or a day the hours that were counted, which is what its kWh are of.</summary>
    private static async Task<Func<List<long>, double?[]>> More(Query q, long from, long to)
    {
        var (used, had, time) = (Sum(await Ledger.Read(q, MonthRow.Load, from, to)), Sum(await Ledger.Read(q, MonthRow.Room, from, to)), Sum(await Ledger.Read(q, MonthRow.Time, from, to)));
        double Over(List<long> hours, SortedDictionary<long, (double WattHours, double Measured)> of) => hours.Sum(h => of.GetValueOrDefault(h).WattHours);
        double Counted(long hour) => time.TryGetValue(hour, out var known) ? Math.Clamp(known.WattHours / 3600, 0, 1) : 1; // it was not kept before there was this series
        return hours => [Over(hours, had) is > 0 and var room ? Math.Round(100 * Over(hours, used) / room, 1) : null, Math.Round(hours.Sum(Counted), 6)];
    }

    private static List<(Series Series, string? Name)> Named(IEnumerable<Series> series, Func<string, string?> name) => [.. series.Select(s => (s, name(s.Id)))];

    private async Task<List<(Series Series, string? Name)>> ByHost(Query q, long from, long to, string? id)
    {
        var names = (await hosts.All(q)).ToDictionary(h => h.Id, h => h.Name);
        return Named(await Ledger.Read(q, MonthRow.Host, from, to, id is null ? null : [id]), one => names.GetValueOrDefault(one));
    }

    /// <summary>Projects by the domain that they belong to now; what nobody used is told apart, without an id.</summary>
    private async Task<List<(Series Series, string? Name)>> ByBureau(Query q, long from, long to)
    {
        var all = await Ledger.Read(q, MonthRow.Project, from, to);
        var domains = await branches.DomainsOf(q, [.. all.Select(s => s.Id)]);
        var bureaus = all.GroupBy(s => domains.GetValueOrDefault(s.Id, s.Id)).Select(g => new Series(g.Key, Sum(g))).ToList();
        var names = await projects.Find(q, [.. bureaus.Select(b => b.Id)]);
        var rest = Sum(await Ledger.Read(q, MonthRow.Cloud, from, to));
        foreach (var (hour, (wattHours, measured)) in Sum(bureaus))
        {
            var (whole, part) = rest.GetValueOrDefault(hour);
            rest[hour] = (Math.Max(0, whole - wattHours), Math.Max(0, part - measured));
        }
        return [.. Named(bureaus, id => names.GetValueOrDefault(id)?.Name), (new Series("", rest), null)];
    }

    private static SortedDictionary<long, (double WattHours, double Measured)> Sum(IEnumerable<Series> series) =>
        new(series.SelectMany(s => s.Hours).GroupBy(h => h.Key).ToDictionary(g => g.Key, g => (g.Sum(h => h.Value.WattHours), g.Sum(h => h.Value.Measured))));

    /// <summary>Milliseconds since 1970, or a date and time as ISO 8601 writes them.</summary>
    private static long? Moment(Call call, string name)
    {
        if (call.QueryOr(name) is not { Length: > 0 } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000) return ms;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year >= 1970 ? time.ToUnixTimeMilliseconds()
            : throw CloudError.Invalid($"Invalid input for field/attribute {name}. Value: {(text.Length > 40 ? text[..40] : text)}. It must be milliseconds since 1970 or a time like 2026-11-29T08:00:00Z.");
    }
}
