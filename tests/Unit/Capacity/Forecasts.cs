using Xiangyun.Capacity.Forecasting;

namespace Xiangyun.Unit.Capacity;

/// <summary>Days left, and how honest the fan is.</summary>
public sealed class Forecasts
{
    private static double Noise(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Growth of 2 a day, weekends that stand still, noise of 5.</summary>
    private static List<double> Line(int days, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, days).Select(d => 500 + 2.0 * d + (d % 7 is 5 or 6 ? -8 : 0) + 5 * Noise(random))];
    }

    private static List<double> Walk(int days, int seed)
    {
        var (random, value) = (new Random(seed), 1000.0);
        return [.. Enumerable.Range(0, days).Select(_ => value += 1 + 6 * Noise(random))];
    }

    [Fact]
    public void less_than_six_weeks_is_no_history() => Assert.Equal((null, true), (Forecast.Of(Line(41, 1)), Forecast.Of(Line(42, 1)) is not null));

    [Fact]
    public void a_line_with_weekends_is_gone_on_with_and_the_days_left_are_about_right()
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var forecast = Forecast.Of(Line(200, seed))!;
            Assert.Equal("trend", forecast.Method);
            Assert.InRange(Fan.Left(forecast.Fan.P50, 1100)!.Value, 85, 115); // (1100 - 900) / 2
            Assert.InRange(forecast.Error.Mape, 0, 2);
            Assert.InRange(forecast.Error.Coverage, 60, 95);
        }
    }

    [Fact]
    public void four_fifths_of_what_comes_lie_in_the_band_for_both_kinds_of_growth()
    {
        foreach (var series in new Func<int, int, List<double>>[] { Line, Walk })
        {
            var (inside, count) = (0, 0);
            for (var seed = 10; seed < 40; seed++)
            {
                var all = series(200, seed);
                var fan = Forecast.Of([.. all.Take(170)])!.Fan;
                for (var d = 0; d < 30; d++)
                {
                    if (all[170 + d] >= fan.P10[d] && all[170 + d] <= fan.P90[d]) inside++;
                    count++;
                }
            }
            Assert.InRange(100.0 * inside / count, 65, 92);
        }
    }

    [Fact]
    public void the_fan_is_in_order_never_negative_widens_and_is_the_same_every_time()
    {
        var values = Walk(120, 5);
        var (one, two) = (Forecast.Of(values)!, Forecast.Of(values)!);
        Assert.Equal(one.Fan.P90, two.Fan.P90);
        Assert.All(Enumerable.Range(0, Forecast.Horizon), d => Assert.True(0 <= one.Fan.P10[d] && one.Fan.P10[d] <= one.Fan.P50[d] && one.Fan.P50[d] <= one.Fan.P90[d]));
        Assert.True(one.Fan.P90[300] - one.Fan.P10[300] > one.Fan.P90[5] - one.Fan.P10[5]);
        Assert.All(Forecast.Of([.. Enumerable.Range(0, 60).Select(d => 60.0 - d)])!.Fan.P10, v => Assert.True(v >= 0));
    }

    [Fact]
    public void what_does_not_grow_never_ends_and_what_is_full_ends_tomorrow()
    {
        var still = Forecast.Of([.. Enumerable.Repeat(100.0, 90)])!;
        Assert.Null(Fan.Left(still.Fan.P90, 101));
        Assert.Equal(1, Fan.Left(still.Fan.P10, 100));
        Assert.Equal(1, Fan.Left(still.Fan.P10, 150, shift: 50));
        Assert.Equal((100.0, 0.0), (still.Error.Coverage, still.Error.Mape));
    }

    [Fact]
    public void days_on_which_nobody_looked_lie_on_the_line_between()
    {
        DayRow Day(long day, long value) => new() { Day = day, Zone = "", Resource = "vcpus", Allocated = value };
        Assert.Equal([10.0, 10.0, 16.0, 22.0, 28.0], Runway.Daily([Day(4, 10), Day(5, 10), Day(8, 28)]));
    }
}
