namespace Xiangyun.Energy.Counting;

/// <summary>Hours since 1970 and the months that hold them, in UTC.</summary>
internal static class Moments
{
    public const long Hour = 3_600_000;

    public static (long Month, int At) Of(long hour)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(hour * Hour);
        return (time.Year * 100 + time.Month, (time.Day - 1) * 24 + time.Hour);
    }

    /// <summary>The first hour of a month.</summary>
    public static long First(long month) => new DateTimeOffset((int)(month / 100), (int)(month % 100), 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() / Hour;

    public static long MonthOf(long ms) => Of(ms / Hour).Month;
}
