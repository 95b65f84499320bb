using System.Globalization;
using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>
/// What the estate draws, and what it has drawn since the first step against what it would have drawn as it ran before: a difference of two readings of the
/// Energy API's counter, of all hosts, those of the cloud too. Watts that no controller measured are estimated there by the power curve. Prices are Energy's.
/// </summary>
/// <param name="Now">What each host draws at this moment.</param>
/// <param name="Since">What was counted since the hour of the first step.</param>
/// <param name="From">The counter's time at the first step; null: nothing was moved yet.</param>
/// <param name="WattsBefore">What all hosts drew then.</param>
/// <param name="Reading">What had been counted of that hour by then, kWh.</param>
/// <param name="Seconds">How much of that hour had been counted.</param>
public sealed record Savings(EnergyNow Now, EnergyOf Since, DateTimeOffset? From, double? WattsBefore, double Reading, double Seconds)
{
    /// <summary>Hours in a year, by a thousand.</summary>
    public const double Year = 8.76;

    public double Watts => Now.Watts;
    public double MeasuredPercent => Now.Watts > 0 ? 100 * Now.MeasuredWatts / Now.Watts : 0;
    public DateTimeOffset? CountedTo => Since.CountedTo is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    /// <summary>That were counted since; while no server runs nothing is, neither drawn nor saved.</summary>
    public double? Hours => From is null ? null : Math.Max(0, Since.CountedSeconds - Seconds) / 3600;
    public double? KwhDrawn => Hours is null ? null : Math.Max(0, Since.Series.Sum(s => s.Kwh) - Reading);
    public double? KwhAsBefore => WattsBefore / 1000 * Hours;
    public double? KwhSaved => KwhAsBefore - KwhDrawn;
    /// <summary>Of a kWh at the hosts: cooling and losses included.</summary>
    public double Price => Since.Pue * Since.PricePerKwh;
    public double? MoneySaved => KwhSaved * Price;
    /// <summary>If it went on as it is now.</summary>
    public double? KwhAYear => (WattsBefore - Watts) * Year;
    public double? MoneyAYear => KwhAYear * Price;

    /// <summary>Where each figure can be counted again: paths of the public API.</summary>
    public IReadOnlyDictionary<string, string> Sources
    {
        get
        {
            var from = (From ?? DateTimeOffset.FromUnixTimeMilliseconds(Now.AsOf)).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            const string Notes = "/compute/v2.1/os-aggregates", Hosts = "/xiangyun/v1/hosts", Counted = "/xiangyun/v1/energy?by=host&points=hour&from=", Terms = "/xiangyun/v1/energy/settings";
            return new Dictionary<string, string>
            {
                ["use_pct"] = $"{Hosts}; /xiangyun/v1/telemetry/hosts/{{id}}", ["hosts_retired"] = $"{Notes}; {Hosts}", ["host_hours_saved"] = Notes, ["servers_in_cloud"] = "/compute/v2.1/os-migrations",
                ["watts"] = "/xiangyun/v1/energy/now", ["watts_before"] = Notes, ["kwh_drawn"] = Counted + from, ["kwh_as_before"] = $"{Notes}; /xiangyun/v1/energy?from={from}", ["money_saved"] = Terms,
            };
        }
    }
}
