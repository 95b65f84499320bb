using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>
/// What is remembered of one server or host: a day of five-minute means, a week of hours of waiting, thirty days of hours and thirty of days, a byte a
/// value (255 = unknown): 3 KB, 4 KB as it is written down. Slots are numbered from 1970, so a ring needs no start and gaps show as gaps. Not safe for several threads.
/// </summary>
internal sealed class Ring
{
    public const int Day = 288, Week = 168, Month = 720, Days = 30;
    /// <summary>What a host tells in the place of waiting while it is short (else 0): a quarter of a per cent of it is half a per cent of its time.</summary>
    public const double Short = 50;
    public const long Five = 300_000, Hour = 3_600_000, Daily = 24 * Hour;
    private const byte Unknown = 255;
    private const int Head = 16, Waits = Head + 2 * Day + 3 * Month, Totals = Waits + Week, Daylies = Totals + 20, Size = Daylies + 3 * Days;

    // day: processors, memory; month: processors, the largest five minutes of them, memory
    private readonly byte[] _data;
    // since version 2: a week of waiting in hours; sums of today's disk, network and how many; thirty days of disk, network, faults
    private double _cpu, _memory, _wait, _disk, _net, _faults = -1;
    private int _samples;

    public Ring()
    {
        _data = new byte[Size];
        Array.Fill(_data, Unknown, Head, Totals - Head);
        Array.Fill(_data, Unknown, Daylies, 3 * Days);
    }

    /// <summary>What an earlier version wrote is the beginning of it.</summary>
    private Ring(byte[] data) : this() => data.CopyTo(_data, 0);

    public bool Dirty { get; private set; }
    public long TouchedAt => Slot * Five;

    /// <summary>The five minutes that samples are gathered for.</summary>
    private long Slot { get => BitConverter.ToInt64(_data, 0); set => BitConverter.TryWriteBytes(_data.AsSpan(0, 8), value); }
    /// <summary>How many five-minute means the present hour has.</summary>
    private long InHour { get => BitConverter.ToInt64(_data, 8); set => BitConverter.TryWriteBytes(_data.AsSpan(8, 8), value); }

    private Span<byte> DayCpu => _data.AsSpan(Head, Day);
    private Span<byte> DayMemory => _data.AsSpan(Head + Day, Day);
    private Span<byte> MonthCpu => _data.AsSpan(Head + 2 * Day, Month);
    private Span<byte> MonthMax => _data.AsSpan(Head + 2 * Day + Month, Month);
    private Span<byte> MonthMemory => _data.AsSpan(Head + 2 * Day + 2 * Month, Month);
    private Span<byte> WeekWait => _data.AsSpan(Waits, Week);
    private double DiskToday { get => BitConverter.ToDouble(_data, Totals); set => BitConverter.TryWriteBytes(_data.AsSpan(Totals, 8), value); }
    private double NetToday { get => BitConverter.ToDouble(_data, Totals + 8); set => BitConverter.TryWriteBytes(_data.AsSpan(Totals + 8, 8), value); }
    private int FivesToday { get => BitConverter.ToInt32(_data, Totals + 16); set => BitConverter.TryWriteBytes(_data.AsSpan(Totals + 16, 4), value); }
    private Span<byte> DailyDisk => _data.AsSpan(Daylies, Days);
    private Span<byte> DailyNet => _data.AsSpan(Daylies + Days, Days);
    private Span<byte> DailyFaults => _data.AsSpan(Daylies + 2 * Days, Days);

    public static Ring? Read(string text) => Convert.FromBase64String(text) is { Length: Size or Waits } data ? new Ring(data) : null;

    public string Write()
    {
        Dirty = false;
        return Convert.ToBase64String(_data);
    }

    /// <summary>What is negative was not told.</summary>
    /// <param name="waitPercent">Of its processors' time.</param>
    /// <param name="disk">Bytes a second, read and written.</param>
    /// <param name="net">Bytes a second, in and out.</param>
    /// <param name="faults">Major faults a second.</param>
    public void Take(long at, double cpuPercent, double memoryPercent, double waitPercent = -1, double disk = -1, double net = -1, double faults = -1)
    {
        var slot = at / Five;
        if (slot < Slot) return; // a host whose clock went back
        if (slot > Slot) Turn(slot);
        _cpu += cpuPercent;
        _memory += Math.Max(0, memoryPercent);
        (_wait, _disk, _net, _faults) = (waitPercent < 0 ? -1 : Math.Max(0, _wait) + waitPercent, disk < 0 ? -1 : Math.Max(0, _disk) + disk, net < 0 ? -1 : Math.Max(0, _net) + net, Math.Max(_faults, faults));
        _samples++;
        Dirty = true;
        DayCpu[(int)(slot % Day)] = Byte(_cpu / _samples);
        if (memoryPercent >= 0) DayMemory[(int)(slot % Day)] = Byte(_memory / _samples);
    }

    /// <summary>The five minutes are over: their mean goes into the hour, and what is skipped becomes unknown.</summary>
    private void Turn(long slot)
    {
        if (Slot > 0 && DayCpu[(int)(Slot % Day)] is not Unknown and var cpu)
        {
            var (hour, n) = ((int)(Slot * Five / Hour % Month), InHour);
            MonthCpu[hour] = n == 0 ? cpu : Byte((MonthCpu[hour] * n + cpu) / (double)(n + 1));
            MonthMax[hour] = n == 0 ? cpu : Math.Max(MonthMax[hour], cpu);
            if (DayMemory[(int)(Slot % Day)] is not Unknown and var memory) MonthMemory[hour] = n == 0 || MonthMemory[hour] == Unknown ? memory : Byte((MonthMemory[hour] * n + memory) / (double)(n + 1));
            if (_wait >= 0 && _samples > 0) { ref var w = ref WeekWait[(int)(Slot * Five / Hour % Week)]; w = n == 0 || w == Unknown ? Quarter(_wait / _samples) : Quarter((w / 4.0 * n + _wait / _samples) / (n + 1)); }
            InHour = n + 1;
            CountDay();
        }
        for (var s = Math.Max(Slot + 1, slot - Day + 1); s <= slot; s++) (DayCpu[(int)(s % Day)], DayMemory[(int)(s % Day)]) = (Unknown, Unknown);
        var (before, now) = (Slot * Five / Hour, slot * Five / Hour);
        for (var h = Math.Max(before + 1, now - Month + 1); h <= now; h++) (MonthCpu[(int)(h % Month)], MonthMax[(int)(h % Month)], MonthMemory[(int)(h % Month)]) = (Unknown, Unknown, Unknown);
        for (var h = Math.Max(before + 1, now - Week + 1); h <= now; h++) WeekWait[(int)(h % Week)] = Unknown;
        if (now != before) InHour = 0;
        var (lastDay, today) = (Slot * Five / Daily, slot * Five / Daily);
        for (var d = Math.Max(lastDay + 1, today - Days + 1); d <= today; d++) (DailyDisk[(int)(d % Days)], DailyNet[(int)(d % Days)], DailyFaults[(int)(d % Days)]) = (Unknown, Unknown, Unknown);
        if (today != lastDay) (DiskToday, NetToday, FivesToday) = (0, 0, 0);
        (Slot, _cpu, _memory, _samples, _wait, _disk, _net, _faults) = (slot, 0, 0, 0, 0, 0, 0, -1);
    }

    /// <summary>The means of a day so far, and the largest rate of faults: a byte each, a sixth of a doubling a step.</summary>
    private void CountDay()
    {
        if (_samples == 0) return;
        var day = (int)(Slot * Five / Daily % Days);
        if (_disk >= 0 && _net >= 0)
        {
            (DiskToday, NetToday, FivesToday) = (DiskToday + _disk / _samples, NetToday + _net / _samples, FivesToday + 1);
            (DailyDisk[day], DailyNet[day]) = (Code(DiskToday / FivesToday), Code(NetToday / FivesToday));
        }
        if (_faults >= 0 && Code(100 * _faults) is var faults && (DailyFaults[day] == Unknown || faults > DailyFaults[day])) DailyFaults[day] = faults;
    }

    /// <summary>Per cent of the processors' time spent waiting, in the hours of the last week that are known.</summary>
    public IReadOnlyList<double> Waited()
    {
        var known = new List<double>();
        foreach (var w in WeekWait)
            if (w != Unknown) known.Add(w / 4.0);
        return known;
    }

    /// <summary>Of a host: how long it was short in each hour of the last week that is known, oldest first, and in the one under way so far.</summary>
    public IReadOnlyList<ShortHour> OfShort()
    {
        if (Slot == 0) return [];
        var now = Slot * Five / Hour;
        var (hours, before) = (new List<ShortHour>(), WeekWait[(int)(now % Week)] is not Unknown and var kept ? (Fives: InHour, Sum: InHour * kept / 4.0) : (0, 0));
        for (var h = now - Week + 1; h < now; h++)
            if (WeekWait[(int)(h % Week)] is not Unknown and var w) hours.Add(new(h * Hour, 1, w / 4.0 / Short));
        var (fives, sum) = _samples > 0 && _wait >= 0 ? (before.Fives + 1, before.Sum + _wait / _samples) : before;
        if (fives > 0) hours.Add(new(now * Hour, Math.Min(1, fives * Five / (double)Hour), sum / fives / Short));
        return hours;
    }

    /// <summary>The days of the month, oldest first.</summary>
    public IReadOnlyList<DayOfUse> OfDays()
    {
        var today = Slot * Five / Daily;
        return Slot == 0 ? [] : [.. Enumerable.Range(0, Days).Select(i => today - Days + 1 + i).Select(d => new DayOfUse(d * Daily, Rate(DailyDisk[(int)(d % Days)]), Rate(DailyNet[(int)(d % Days)]), Rate(DailyFaults[(int)(d % Days)]) / 100))];
    }

    private static byte Code(double rate) => (byte)Math.Min(254, Math.Round(6 * Math.Log2(1 + rate)));
    private static double? Rate(byte code) => code == Unknown ? null : Math.Pow(2, code / 6.0) - 1;
    private static byte Quarter(double percent) => (byte)Math.Clamp(Math.Round(percent * 4), 0, 254);

    public IReadOnlyList<UsePoint> OfDay() => Slot == 0 ? [] : [.. Enumerable.Range(0, Day).Select(i => Slot - Day + 1 + i).Where(s => s > 0).Select(s => new UsePoint(s * Five, Value(DayCpu[(int)(s % Day)]), Value(DayCpu[(int)(s % Day)]), Value(DayMemory[(int)(s % Day)])))];

    public IReadOnlyList<UsePoint> OfMonth()
    {
        var now = Slot * Five / Hour;
        return Slot == 0 ? [] : [.. Enumerable.Range(0, Month).Select(i => now - Month + 1 + i).Select(h => new UsePoint(h * Hour, Value(MonthCpu[(int)(h % Month)]), Value(MonthMax[(int)(h % Month)]), Value(MonthMemory[(int)(h % Month)])))];
    }

    private static double? Value(byte b) => b == Unknown ? null : b;

    private static byte Byte(double percent) => (byte)Math.Clamp(Math.Round(percent), 0, 254);
}
