using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>
/// What is remembered of one server or host: a day of five-minute means and thirty days of hours, a byte a value (per cent, 255 = unknown):
/// 2.7 KB. Slots are numbered from 1970, so a ring needs no start and gaps show as gaps. Not safe for several threads.
/// </summary>
internal sealed class Ring
{
    public const int Day = 288, Month = 720;
    public const long Five = 300_000, Hour = 3_600_000;
    private const byte Unknown = 255;
    private const int Head = 16, Size = Head + 2 * Day + 3 * Month;

    // day: processors, memory; month: processors, the largest five minutes of them, memory
    private readonly byte[] _data;
    private double _cpu, _memory;
    private int _samples;

    public Ring()
    {
        _data = new byte[Size];
        Array.Fill(_data, Unknown, Head, Size - Head);
    }

    private Ring(byte[] data) => _data = data;

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

    public static Ring? Read(string text) => Convert.FromBase64String(text) is { Length: Size } data ? new Ring(data) : null;

    public string Write()
    {
        Dirty = false;
        return Convert.ToBase64String(_data);
    }

    /// <param name="memoryPercent">Negative = not told.</param>
    public void Take(long at, double cpuPercent, double memoryPercent)
    {
        var slot = at / Five;
        if (slot < Slot) return; // a host whose clock went back
        if (slot > Slot) Turn(slot);
        _cpu += cpuPercent;
        _memory += Math.Max(0, memoryPercent);
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
            InHour = n + 1;
        }
        for (var s = Math.Max(Slot + 1, slot - Day + 1); s <= slot; s++) (DayCpu[(int)(s % Day)], DayMemory[(int)(s % Day)]) = (Unknown, Unknown);
        var (before, now) = (Slot * Five / Hour, slot * Five / Hour);
        for (var h = Math.Max(before + 1, now - Month + 1); h <= now; h++) (MonthCpu[(int)(h % Month)], MonthMax[(int)(h % Month)], MonthMemory[(int)(h % Month)]) = (Unknown, Unknown, Unknown);
        if (now != before) InHour = 0;
        (Slot, _cpu, _memory, _samples) = (slot, 0, 0, 0);
    }

    public IReadOnlyList<UsePoint> OfDay() => Slot == 0 ? [] : [.. Enumerable.Range(0, Day).Select(i => Slot - Day + 1 + i).Where(s => s > 0).Select(s => new UsePoint(s * Five, Value(DayCpu[(int)(s % Day)]), Value(DayCpu[(int)(s % Day)]), Value(DayMemory[(int)(s % Day)])))];

    public IReadOnlyList<UsePoint> OfMonth()
    {
        var now = Slot * Five / Hour;
        return Slot == 0 ? [] : [.. Enumerable.Range(0, Month).Select(i => now - Month + 1 + i).Select(h => new UsePoint(h * Hour, Value(MonthCpu[(int)(h % Month)]), Value(MonthMax[(int)(h % Month)]), Value(MonthMemory[(int)(h % Month)])))];
    }

    private static double? Value(byte b) => b == Unknown ? null : b;

    private static byte Byte(double percent) => (byte)Math.Clamp(Math.Round(percent), 0, 254);
}
