namespace Xiangyun.Replay.Published;

/// <summary>When the 2012 policies call a host overloaded. `extra` is a VM that is tried on it, or -1.</summary>
internal delegate bool Detector(Book book, int host, double hostMips, double extraDemand, int extra);

internal static class Detectors
{
    public static Detector Threshold(double limit) => (book, host, mips, demand, _) => (book.Requested(host) + demand) / mips > limit;

    public static Detector Iqr(double safety) => Spread(safety, h =>
    {
        Array.Sort(h);
        int At(double q) => (int)Math.Round(q * (h.Length + 1), MidpointRounding.AwayFromZero) - 1;
        return h[At(0.75)] - h[At(0.25)];
    });

    public static Detector Mad(double safety) => Spread(safety, h =>
    {
        var middle = Median(h);
        return Median([.. h.Select(v => Math.Abs(v - middle))]);
    });

    /// <summary>Least squares over the last ten samples. The released code's LOESS weights never apply, and its robust variant gives the same.</summary>
    public static Detector Regression(double safety)
    {
        const int window = 10;
        var young = Threshold(0.7);
        return (book, host, mips, demand, extra) =>
        {
            var history = book.History(host, extra);
            if (history.Length < window) return young(book, host, mips, demand, extra);
            double sx = 0, sy = 0, sxy = 0, sxx = 0;
            for (var i = 0; i < window; i++)
            {
                double x = i + 1, y = history[window - 1 - i];
                (sx, sy, sxy, sxx) = (sx + x, sy + y, sxy + x * y, sxx + x * x);
            }
            var slope = (sxy - sx * sy / window) / (sxx - sx * sx / window);
            return safety * (sy / window + slope * (window + 1 - sx / window)) >= 1;
        };
    }

    private static Detector Spread(double safety, Func<double[], double> of)
    {
        const int enough = 12;
        var young = Threshold(0.7);
        return (book, host, mips, demand, extra) =>
        {
            var history = book.History(host, extra);
            if (history.Length < enough) return young(book, host, mips, demand, extra);
            return (book.Requested(host) + demand) / mips > 1 - safety * of(history);
        };
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
