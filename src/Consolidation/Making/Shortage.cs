using Xiangyun.Optimizer.Public;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Consolidation.Making;

/// <summary>
/// How long the hosts of a cluster really were short within the last two days, and what that allows the next plan: the planner's own <see cref="Pace"/>, told
/// by hosts' samples as they came, wherever servers stood then. Pure.
/// </summary>
/// <param name="Hours">Oldest first: hosts that carried servers, and how many of them were short, both as means of the hour.</param>
internal sealed record Shortage(IReadOnlyList<(double Hosts, double Short)> Hours)
{
    private const int Kept = 48, Intervals = 12;
    private const long Hour = 3_600_000;

    public static readonly Shortage Unknown = new([]);

    public static Shortage Of(IEnumerable<IReadOnlyList<ShortHour>> hosts)
    {
        var all = hosts.SelectMany(h => h).ToList();
        if (all.Count == 0) return Unknown;
        var oldest = all.Max(h => h.At) - (Kept - 1) * Hour;
        return new([.. all.Where(h => h.At >= oldest).GroupBy(h => h.At).OrderBy(g => g.Key).Select(g => (g.Sum(h => h.Seen), g.Sum(h => h.Seen * h.Short)))]);
    }

    /// <summary>Of the time that hosts carried servers; null where nothing was seen.</summary>
    public double? Percent => Hours.Sum(h => h.Hosts) is > 0 and var seen ? 100 * Hours.Sum(h => h.Short) / seen : null;

    /// <param name="inUse">Hosts that carry servers now.</param>
    public Tuning After(Tuning tuning, int inUse)
    {
        if (!tuning.Empties) return tuning; // it gives hosts no more to carry
        var pace = new Pace(tuning);
        foreach (var (hosts, over) in Hours)
            for (var i = 0; i < Intervals; i++) pace.Note(hosts, over);
        return pace.Now(inUse);
    }

    public Watched Told(Tuning before, Tuning after) => new(Hours.Count, Percent is { } p ? Math.Round(p, 3) : null, before is { Empties: true, ShortTime: { } share } ? Math.Round(100 * share, 3) : null, Math.Round(after.MeanSoon / before.MeanSoon, 3));
}

/// <param name="Hours">How many hours of the last 48 are known.</param>
/// <param name="Percent">Of the time that hosts carried servers, they were short for so long.</param>
/// <param name="AllowedPercent">What the aim allows; null: it does not follow the record.</param>
/// <param name="RiskFactor">What the risk that the aim allows was multiplied by: below 1 is more careful.</param>
internal sealed record Watched(int Hours, double? Percent, double? AllowedPercent, double RiskFactor);
