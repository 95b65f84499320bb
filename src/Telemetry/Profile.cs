using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>Makes the profile of a server of what its ring keeps. Pure; everybody who wants to know what a server is like asks here.</summary>
internal static class Profile
{
    /// <summary>China has one time; the day's shape and the weekend are read by it.</summary>
    private const long Zone = 8 * Ring.Hour;
    private const int LeastTrendDays = 7;

    public static UseProfile Of(IReadOnlyList<UsePoint> month, IReadOnlyList<double> waited, IReadOnlyList<DayOfUse> days)
    {
        var known = month.Where(p => p.CpuPercent is not null).ToList();
        if (known.Count == 0) return new UseProfile { HourOfDay = new double?[24], Days = days };
        var mean = known.Average(p => p.CpuPercent!.Value);
        var (means, largest) = (Sorted(known.Select(p => p.CpuPercent!.Value)), Sorted(known.Select(p => p.CpuMax!.Value)));
        var memory = Sorted(known.Where(p => p.MemoryPercent is not null).Select(p => p.MemoryPercent!.Value));
        return new UseProfile
        {
            From = known[0].At, To = known[^1].At, Hours = known.Count, Mean = mean, Deviation = Math.Sqrt(known.Average(p => Math.Pow(p.CpuPercent!.Value - mean, 2))),
            P50 = At(means, 0.5), P95 = At(largest, 0.95), P99 = At(largest, 0.99), Peak = largest[^1], HourOfDay = Shape(known),
            Weekday = Mean(known.Where(p => !Weekend(p.At))), Weekend = Mean(known.Where(p => Weekend(p.At))), Trend = Trend(known),
            MemoryP50 = memory.Length == 0 ? null : At(memory, 0.5), MemoryP95 = memory.Length == 0 ? null : At(memory, 0.95), MemoryPeak = memory.Length == 0 ? null : memory[^1],
            WaitP95 = waited.Count == 0 ? null : At(Sorted(waited), 0.95), Days = days,
        };
    }

    /// <summary>The smallest value that this share of them does not exceed (nearest rank).</summary>
    public static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>The mean of each hour of the day.</summary>
    public static double?[] Shape(IReadOnlyList<UsePoint> points)
    {
        Span<double> sums = stackalloc double[24];
        Span<int> counts = stackalloc int[24];
        foreach (var p in points)
        {
            if (p.CpuPercent is not { } cpu) continue;
            var hour = (int)((p.At + Zone) / Ring.Hour % 24);
            sums[hour] += cpu;
            counts[hour]++;
        }
        var shape = new double?[24];
        for (var h = 0; h < 24; h++) shape[h] = counts[h] == 0 ? null : sums[h] / counts[h];
        return shape;
    }

    /// <summary>The first of January 1970 was a Thursday.</summary>
    private static bool Weekend(long at) => ((at + Zone) / Ring.Daily + 4) % 7 is 0 or 6;

    private static double? Mean(IEnumerable<UsePoint> points) => points.Select(p => p.CpuPercent!.Value).DefaultIfEmpty(double.NaN).Average() is var mean && double.IsNaN(mean) ? null : mean;

    private static double? Trend(IEnumerable<UsePoint> known)
    {
        var days = known.GroupBy(p => (p.At + Zone) / Ring.Daily).Select(g => (Day: (double)g.Key, Mean: g.Average(p => p.CpuPercent!.Value))).ToList();
        if (days.Count < LeastTrendDays) return null;
        var (x, y) = (days.Average(d => d.Day), days.Average(d => d.Mean));
        var spread = days.Sum(d => (d.Day - x) * (d.Day - x));
        return spread == 0 ? null : 7 * days.Sum(d => (d.Day - x) * (d.Mean - y)) / spread;
    }

    private static double[] Sorted(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
