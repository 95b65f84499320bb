namespace Xiangyun.Capacity.Forecasting;

/// <summary>What may be on each of the coming days: one in ten is below p10, one in ten above p90.</summary>
internal sealed record Fan(IReadOnlyList<double> P10, IReadOnlyList<double> P50, IReadOnlyList<double> P90)
{
    /// <summary>Days until the curve passes what there is; null = not within the horizon. The early one is where growth is fast.</summary>
    public static int? Left(IReadOnlyList<double> curve, double capacity, double shift = 0)
    {
        for (var d = 0; d < curve.Count; d++)
            if (curve[d] + shift >= capacity) return d + 1;
        return null;
    }
}

/// <summary>How the same method would have done on the past: from each of so many earlier days, so many days ahead.</summary>
/// <param name="Coverage">Per cent of what came that lay between p10 and p90; 80 is right.</param>
/// <param name="Mape">Mean of |p50 - what came| / what came, per cent.</param>
internal sealed record BackTest(int Origins, int Horizon, double Coverage, double Mape, double Loss);

/// <summary>
/// Daily values a year ahead, as a pure function of the past. Two ways of going on, and the one with the smaller error on the past is taken:
/// "growth" adds weeks of daily growth drawn from the past; "trend" is a line with the weekdays' habits and weeks of residuals drawn from the past,
/// its slope as uncertain as they make it. Weeks are drawn whole, so that weekdays and what follows on one another stay together. The same past gives the same fan.
/// </summary>
internal sealed record Forecast(string Method, Fan Fan, BackTest Error)
{
    /// <summary>Fewer days than this are no history.</summary>
    public const int Least = 42;
    public const int Horizon = 365;
    private const int Week = 7, Longest = 180, Paths = 400, TestPaths = 120, MostOrigins = 26, FirstOrigin = 28;

    /// <param name="values">One a day, the newest last.</param>
    /// <returns>null: not enough history.</returns>
    public static Forecast? Of(IReadOnlyList<double> values)
    {
        if (values.Count < Least) return null;
        var best = new[] { "growth", "trend" }.Select(m => (Method: m, Error: Test(m, values))).MinBy(m => m.Error.Loss);
        return new Forecast(best.Method, Draw(best.Method, values, Horizon, Paths), best.Error);
    }

    private static BackTest Test(string method, IReadOnlyList<double> values)
    {
        var horizon = values.Count >= 2 * FirstOrigin + Week ? FirstOrigin : Least - FirstOrigin;
        var origins = Enumerable.Range(0, MostOrigins).Select(i => values.Count - horizon - i * Week).Where(o => o >= FirstOrigin).ToList();
        var (inside, count, loss, error, nonzero) = (0, 0, 0.0, 0.0, 0);
        foreach (var origin in origins)
        {
            var fan = Draw(method, [.. values.Take(origin)], horizon, TestPaths);
            for (var d = 0; d < horizon; d++)
            {
                var came = values[origin + d];
                if (came >= fan.P10[d] - 1e-9 && came <= fan.P90[d] + 1e-9) inside++;
                count++;
                loss += Pinball(0.1, fan.P10[d], came) + Pinball(0.5, fan.P50[d], came) + Pinball(0.9, fan.P90[d], came);
                if (came <= 0) continue;
                error += Math.Abs(fan.P50[d] - came) / came;
                nonzero++;
            }
        }
        return new BackTest(origins.Count, horizon, 100.0 * inside / count, nonzero == 0 ? 0 : 100 * error / nonzero, loss / count);
    }

    private static double Pinball(double share, double said, double came) => came >= said ? share * (came - said) : (1 - share) * (said - came);

    private static Fan Draw(string method, IReadOnlyList<double> values, int days, int paths)
    {
        var recent = values.Count > Longest ? values.Skip(values.Count - Longest).ToArray() : [.. values];
        var all = new double[days][];
        for (var d = 0; d < days; d++) all[d] = new double[paths];
        var random = new Random(20261129);
        var line = method == "trend" ? new Line(recent) : null;
        for (var p = 0; p < paths; p++)
        {
            var path = line is null ? Grown(recent, days, random) : line.Path(days, random);
            for (var d = 0; d < days; d++) all[d][p] = Math.Max(0, path[d]);
        }
        foreach (var day in all) Array.Sort(day);
        double[] At(double share) => [.. all.Select(d => d[(int)Math.Min(paths - 1, share * paths)])];
        return new Fan(At(0.1), At(0.5), At(0.9));
    }

    private static double[] Grown(double[] recent, int days, Random random)
    {
        var (path, value, n, week) = (new double[days], recent[^1], recent.Length, 0);
        for (var d = 0; d < days; d++)
        {
            // a week of the past that begins on the same day of the week
            if (d % Week == 0) week = n - Week * (1 + random.Next((n - 1) / Week));
            value += recent[week + d % Week] - recent[week + d % Week - 1];
            path[d] = value;
        }
        return path;
    }

    /// <summary>A line by least squares, what each weekday adds, and what is left.</summary>
    private sealed class Line
    {
        private readonly double _start, _slope, _unsure;
        private readonly double[] _weekday = new double[Week], _rest;
        private readonly int _n;

        public Line(double[] y)
        {
            _n = y.Length;
            var (x0, y0) = ((_n - 1) / 2.0, y.Average());
            var spread = y.Select((_, i) => (i - x0) * (i - x0)).Sum();
            _slope = y.Select((v, i) => (i - x0) * (v - y0)).Sum() / spread;
            _start = y0 - _slope * x0;
            for (var w = 0; w < Week; w++) _weekday[w] = y.Select((v, i) => (v, i)).Where(p => p.i % Week == w).Average(p => p.v - At(p.i));
            _rest = [.. y.Select((v, i) => v - At(i) - _weekday[i % Week])];
            // neighbours resemble each other, so there are fewer independent days than days
            var variance = _rest.Average(r => r * r);
            var alike = variance == 0 ? 0 : Math.Clamp(_rest.Skip(1).Zip(_rest, (a, b) => a * b).Average() / variance, 0, 0.95);
            _unsure = Math.Sqrt(variance * (1 + alike) / (1 - alike) / spread);
        }

        private double At(double day) => _start + _slope * day;

        public double[] Path(int days, Random random)
        {
            var (path, tilt, week) = (new double[days], _unsure * Normal(random), 0);
            for (var d = 0; d < days; d++)
            {
                if (d % Week == 0) week = random.Next(Math.Max(1, _n - Week + 1));
                var day = _n + d;
                path[d] = At(day) + tilt * (day - (_n - 1) / 2.0) + _weekday[day % Week] + _rest[week + d % Week];
            }
            return path;
        }

        private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
