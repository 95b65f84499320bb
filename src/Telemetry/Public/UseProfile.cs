namespace Xiangyun.Telemetry.Public;

/// <summary>What one server is like: everything in per cent of what it was given, of the hours of the last 30 days that are known.</summary>
public sealed record UseProfile
{
    /// <summary>First and last known hour, milliseconds since 1970; 0 = nothing is known.</summary>
    public long From { get; init; }
    public long To { get; init; }
    /// <summary>Hours that are known.</summary>
    public int Hours { get; init; }
    /// <summary>Whole days' worth of known hours.</summary>
    public double DaysKnown => Hours / 24.0;

    public double Mean { get; init; }
    /// <summary>Standard deviation of the hours' means.</summary>
    public double Deviation { get; init; }
    /// <summary>Half of the hours had a smaller mean.</summary>
    public double P50 { get; init; }
    /// <summary>Of the largest five minutes of each hour, so it is never below the 95th percentile of five-minute means.</summary>
    public double P95 { get; init; }
    /// <summary>The same for one hour in a hundred.</summary>
    public double P99 { get; init; }
    /// <summary>The largest five minutes of all.</summary>
    public double Peak { get; init; }
    /// <summary>The mean of each hour of the day, UTC+8, midnight first; null where nothing is known.</summary>
    public IReadOnlyList<double?> HourOfDay { get; init; } = [];
    public double? Weekday { get; init; }
    public double? Weekend { get; init; }
    /// <summary>Percentage points a week, by least squares over the days' means; null with fewer than seven days.</summary>
    public double? Trend { get; init; }
    /// <summary>Of what the guest says it uses; null when no guest ever told.</summary>
    public double? MemoryP50 { get; init; }
    public double? MemoryP95 { get; init; }
    public double? MemoryPeak { get; init; }
    /// <summary>Time that its processors wanted to run and waited, per cent; 95th percentile of the hours of the last week.</summary>
    public double? WaitP95 { get; init; }
    /// <summary>Disk, network and major faults by day, oldest first.</summary>
    public IReadOnlyList<DayOfUse> Days { get; init; } = [];
    /// <summary>The group of servers whose day has the same shape; null = its day has none, or too little is known. Numbers live as long as the process.</summary>
    public int? Swing { get; init; }
}

/// <summary>One day; what was not told is null. Read to within a sixteenth.</summary>
/// <param name="DiskBytesS">Mean, read and written.</param>
/// <param name="NetBytesS">Mean, in and out.</param>
/// <param name="FaultsS">The largest rate of major faults.</param>
public sealed record DayOfUse(long At, double? DiskBytesS, double? NetBytesS, double? FaultsS);
