using Xiangyun.Telemetry;

namespace Xiangyun.Unit.Telemetry;

/// <summary>What is remembered of one server: a day in five minutes, a month in hours, gaps as gaps.</summary>
public sealed class Rings
{
    private const long Start = 1_795_000_200_000 / Ring.Hour * Ring.Hour;

    private static Ring Filled(int fives, Func<int, double> cpu)
    {
        var ring = new Ring();
        for (var n = 0; n < fives; n++)
            for (var s = 0; s < 10; s++) ring.Take(Start + n * Ring.Five + s * 30_000, cpu(n), 50);
        return ring;
    }

    [Fact]
    public void a_five_minute_point_is_the_mean_of_its_samples_and_a_day_holds_288()
    {
        var ring = new Ring();
        foreach (var (second, cpu) in new[] { (0, 10.0), (30, 20.0), (299, 60.0) }) ring.Take(Start + second * 1000, cpu, -1);
        var last = ring.OfDay()[^1];
        Assert.Equal((Start, 30.0, null), (last.At, last.CpuPercent!.Value, last.MemoryPercent));
        Assert.Equal(Ring.Day, ring.OfDay().Count);
        Assert.Equal(1, ring.OfDay().Count(p => p.CpuPercent is not null));
    }

    [Fact]
    public void an_hour_knows_its_mean_and_its_largest_five_minutes()
    {
        var ring = Filled(13, n => n == 4 ? 98 : 10);
        var hour = ring.OfMonth().Single(p => p.At == Start);
        Assert.Equal(98, hour.CpuMax);
        Assert.InRange(hour.CpuPercent!.Value, 16, 18); // (11 x 10 + 98) / 12
        Assert.Equal(50, hour.MemoryPercent);
    }

    [Fact]
    public void what_was_not_sampled_is_unknown_and_never_an_old_value()
    {
        var ring = Filled(Ring.Day, _ => 40);
        ring.Take(Start + (Ring.Day + 100) * Ring.Five, 5, 5);
        var day = ring.OfDay();
        Assert.Equal(5, day[^1].CpuPercent);
        Assert.All(day.TakeLast(101).SkipLast(1), p => Assert.Null(p.CpuPercent));
        Assert.All(day.Take(Ring.Day - 101), p => Assert.Equal(40, p.CpuPercent));
        ring.Take(Start + 40L * 24 * Ring.Hour, 7, 7);
        Assert.Single(ring.OfDay(), p => p.CpuPercent is not null);
        Assert.DoesNotContain(ring.OfMonth(), p => p.CpuPercent is not null && p.At < Start + 39L * 24 * Ring.Hour);
    }

    [Fact]
    public void a_clock_that_goes_back_changes_nothing()
    {
        var ring = Filled(20, _ => 40);
        ring.Take(Start, 90, 90);
        Assert.DoesNotContain(ring.OfDay(), p => p.CpuPercent > 40);
    }

    [Fact]
    public void it_takes_less_than_4_kb_and_is_the_same_after_it_was_written_and_read()
    {
        var ring = Filled(500, n => n % 100);
        var text = ring.Write();
        Assert.False(ring.Dirty);
        Assert.InRange(text.Length, 1, 4096);
        var again = Ring.Read(text)!;
        Assert.Equal(ring.OfDay(), again.OfDay());
        Assert.Equal(ring.OfMonth(), again.OfMonth());
        Assert.Null(Ring.Read("AAAA"));
    }
}
