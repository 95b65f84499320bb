namespace Xiangyun.Capacity.Windows;

/// <summary>Weekly hours in which a bureau lets its servers be changed, by China's clock (UTC+8); they may pass midnight. Pure.</summary>
/// <param name="Days">0 = Sunday; the day on which the hours begin.</param>
/// <param name="Starts">Minutes after midnight.</param>
internal sealed record Window(IReadOnlySet<int> Days, int Starts, int Minutes)
{
    public const int MostMinutes = 24 * 60;
    public static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private const long Minute = 60_000, Day = 24 * 60 * Minute, Zone = 8 * 60 * Minute;

    /// <summary>Milliseconds until it is open: 0 while it is.</summary>
    public long Until(long now)
    {
        var (local, least) = (now + Zone, long.MaxValue);
        var today = local / Day;
        for (var day = today - 1; day <= today + 7; day++)
        {
            if (!Days.Contains((int)((day + 4) % 7))) continue; // 1970 began on a Thursday
            var from = day * Day + Starts * Minute;
            if (local >= from && local < from + Minutes * Minute) return 0;
            if (from > local) least = Math.Min(least, from - local);
        }
        return least;
    }
}
