using Xiangyun.Replay.Evaluation;

namespace Xiangyun.Replay.Ledger;

/// <summary>One host by day, and what its being gone saves (of the cloud's: what its being there costs, as a negative saving).</summary>
internal sealed record HostAccount(HostBook Host, Meter[] Days, int? RetiredOn, double HostHours, double Kwh, Money Money)
{
    public bool Old => Host.Island is not null;
}

/// <summary>One day of the estate: what is in use, and since the first day.</summary>
internal sealed record DayAccount(int Day, int Closed, int Retired, int CloudServers, double ServersOn, double UsePct, double OverloadTimePct, double Kw, double HostHours, double Kwh, int Moves, Money Money);

/// <summary>All results, counted from a <see cref="Book"/>. The first day is the estate as it was; each day stands for as many days as a wave takes.</summary>
internal sealed class Accounts
{
    private readonly Book _book;

    public Accounts(Book book)
    {
        _book = book;
        var meters = new Meter[book.Hosts.Count][];
        Parallel.For(0, meters.Length, i => meters[i] = Reckoning.Of(book.Hosts[i], book.Trace, book.Days));
        Hosts = [.. book.Hosts.Select((host, i) => Of(host, meters[i]))];
        Days = [.. Enumerable.Range(0, book.Days).Select(Of)];
    }

    public IReadOnlyList<HostAccount> Hosts { get; }

    public IReadOnlyList<DayAccount> Days { get; }

    /// <summary>What was saved in all days after the first.</summary>
    public Money Saved => Days.Skip(1).Aggregate(new Money(), (sum, day) => sum + day.Money) * _book.WaveDays;

    public double HostHoursSaved => Days.Skip(1).Sum(d => Days[0].HostHours - d.HostHours) * _book.WaveDays;

    public double KwhSaved => Days.Skip(1).Sum(d => Days[0].Kwh - d.Kwh) * _book.WaveDays;

    private HostAccount Of(HostBook host, Meter[] days)
    {
        var (first, last) = (Span.DayOf(host.On[0].From), Span.DayOf(host.On[^1].From));
        int? retired = host.Island is not null && (last < _book.Days - 1 || host.On[^1].To < _book.Days * (double)Span.DaySeconds - 1) ? last : null;
        double hours = 0, kwh = 0;
        var money = new Money();
        for (var day = 1; day < days.Length; day++)
        {
            var (ofDay, hoursOfDay) = (Saving(host, days, day, first, retired), (days[0].ActiveSeconds - days[day].ActiveSeconds) / 3600);
            (hours, kwh, money) = (hours + hoursOfDay, kwh + Kwh(days[0]) - Kwh(days[day]), money + ofDay);
        }
        return new HostAccount(host, days, retired, hours * _book.WaveDays, kwh * _book.WaveDays, money * _book.WaveDays);
    }

    /// <summary>A retired server costs nothing from the next day on; a host of the cloud is paid for from the first day that it was on.</summary>
    private Money Saving(HostBook host, Meter[] days, int day, int first, int? retired) =>
        _book.Prices.Of(host.Island is not null, Kwh(days[0]) - Kwh(days[day]), host.Island is not null ? (day > retired ? 1 : 0) : (day >= first ? -1 : 0));

    private DayAccount Of(int day)
    {
        Meter[] on = [.. Hosts.Select(h => h.Days[day])];
        var (active, before) = (on.Sum(m => m.ActiveSeconds), Hosts.Sum(h => h.Days[0].ActiveSeconds));
        var closed = Hosts.Where(h => h.Old).GroupBy(h => h.Host.Island).Count(g => g.All(h => h.RetiredOn <= day));
        var money = Hosts.Aggregate(new Money(), (sum, h) => sum + Saving(h.Host, h.Days, day, Span.DayOf(h.Host.On[0].From), h.RetiredOn));
        if (day > 0) money += new Money(0, 0, 0, (closed * _book.Prices.StaffPerIsland - _book.Prices.StaffCloud) * _book.Prices.StaffYear / 365);
        var seconds = on.Max(m => m.ActiveSeconds);
        return new DayAccount(day, closed, Hosts.Count(h => h.RetiredOn <= day), Hosts.Count(h => !h.Old && h.Days[day].ActiveSeconds > 0), active / seconds, 100 * on.Sum(m => m.Served) / on.Sum(m => m.Capacity),
            100 * on.Sum(m => m.OverSeconds) / active, on.Sum(Kwh) / (seconds / 3600), active / 3600, on.Sum(Kwh), Moves(day), day == 0 ? new Money() : money);
    }

    private int Moves(int day) => _book.Hosts.Sum(h => h.Stays.Count(s => s.From > s.Start && Span.DayOf(s.From) == day));

    private static double Kwh(Meter meter) => meter.Joules / 3.6e6;
}
