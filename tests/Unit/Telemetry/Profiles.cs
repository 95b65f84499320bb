using System.Text.Json;
using Xiangyun.Telemetry;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Unit.Telemetry;

/// <summary>What a server is like, made of what its ring keeps.</summary>
public sealed class Profiles
{
    private const long Start = 1_795_000_200_000 / Ring.Daily * Ring.Daily - 8 * Ring.Hour; // midnight in China

    internal static Ring Filled(int days, Func<long, double> cpu, double memory = 50, double wait = -1, double disk = -1, double net = -1, double faults = -1)
    {
        var ring = new Ring();
        for (var n = 0; n <= days * 288; n++) ring.Take(Start + n * Ring.Five, cpu(Start + n * Ring.Five), memory, wait, disk, net, faults);
        return ring;
    }

    internal static UseProfile Of(Ring ring) => Profile.Of(ring.OfMonth(), ring.Waited(), ring.OfDays());

    private static int HourOfDay(long at) => (int)((at + 8 * Ring.Hour) / Ring.Hour % 24);

    [Fact]
    public void a_profile_knows_level_percentiles_and_the_shape_of_the_day()
    {
        var profile = Of(Filled(10, at => HourOfDay(at) is >= 9 and < 17 ? 80 : 20));
        Assert.Equal(10, profile.DaysKnown);
        Assert.Equal(40, profile.Mean, 0.01);
        Assert.Equal((20.0, 80.0, 80.0), (profile.P50, profile.P95, profile.Peak));
        Assert.Equal(Math.Sqrt(800), profile.Deviation, 0.01);
        Assert.Equal(Enumerable.Range(0, 24).Select(h => (double?)(h is >= 9 and < 17 ? 80 : 20)), profile.HourOfDay);
        Assert.Equal(50, profile.MemoryPeak);
    }

    [Fact]
    public void weekends_and_weeks_are_told_apart_and_a_trend_is_measured()
    {
        long Day(long at) => (at - Start) / Ring.Daily;
        var weekend = Of(Filled(14, at => DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(TimeSpan.FromHours(8)).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 10 : 60));
        Assert.Equal((60.0, 10.0), (weekend.Weekday!.Value, weekend.Weekend!.Value));
        var rising = Of(Filled(14, at => 10 + 2 * Day(at)));
        Assert.Equal(14, rising.Trend!.Value, 0.2);
        Assert.Null(Of(Filled(5, at => 10 + 2 * Day(at))).Trend);
    }

    [Fact]
    public void waiting_disk_network_and_faults_are_remembered_by_week_and_day()
    {
        var profile = Of(Filled(3, _ => 30, wait: 7.5, disk: 1000, net: 50_000, faults: 12));
        Assert.Equal(7.5, profile.WaitP95);
        var full = profile.Days.Where(d => d.DiskBytesS is not null).ToList();
        Assert.InRange(full.Count, 3, 4);
        Assert.All(full, d => Assert.InRange(d.DiskBytesS!.Value / 1000, 0.94, 1.06));
        Assert.All(full, d => Assert.InRange(d.NetBytesS!.Value / 50_000, 0.94, 1.06));
        Assert.All(full, d => Assert.InRange(d.FaultsS!.Value / 12, 0.9, 1.1));
        Assert.Null(Of(Filled(3, _ => 30)).WaitP95);
        Assert.DoesNotContain(Of(Filled(3, _ => 30)).Days, d => d.DiskBytesS is not null);
    }

    [Fact]
    public void what_is_kept_of_a_server_is_at_most_4_kib_as_it_is_written_down_and_what_an_earlier_version_wrote_is_read()
    {
        var ring = Filled(31, at => at / 7 % 101, 60, 1, 5000, 9000, 3);
        var text = ring.Write();
        Assert.InRange(text.Length, 1, 4096);
        Assert.Equal(JsonSerializer.Serialize(Of(ring)), JsonSerializer.Serialize(Of(Ring.Read(text)!)));
        var old = Convert.ToBase64String(Convert.FromBase64String(text)[..2752]);
        var read = Ring.Read(old)!;
        Assert.Equal(Of(ring).Mean, Of(read).Mean);
        Assert.Empty(read.Waited());
        Assert.Null(Ring.Read("AAAA"));
    }

    [Fact]
    public void a_profile_of_nothing_is_empty()
    {
        var profile = Of(new Ring());
        Assert.Equal((0, 0.0), (profile.Hours, profile.Peak));
    }
}

/// <summary>Servers whose day has the same shape are found together.</summary>
public sealed class SwingGroups
{
    [Fact]
    public void servers_with_the_same_day_share_a_group_whatever_their_level_and_others_do_not()
    {
        var swings = new Swings();
        double Office(long at, double level) => level * (1 + Math.Max(0, Math.Sin((at + 8 * Ring.Hour) % Ring.Daily * 2 * Math.PI / Ring.Daily - Math.PI / 2)));
        double Night(long at) => 40 - 30 * Math.Max(0, Math.Sin((at + 8 * Ring.Hour) % Ring.Daily * 2 * Math.PI / Ring.Daily - Math.PI / 2));
        for (var n = 0; n < 5; n++) swings.Note($"office-{n}", Profiles.Filled(5, at => Office(at, 10 + 4 * n)).OfMonth());
        for (var n = 0; n < 3; n++) swings.Note($"night-{n}", Profiles.Filled(5, at => Night(at) - n).OfMonth());
        swings.Note("flat", Profiles.Filled(5, _ => 33).OfMonth());
        swings.Note("young", Profiles.Filled(1, at => Office(at, 20)).OfMonth());
        swings.Note("host:h", Profiles.Filled(5, at => Office(at, 20)).OfMonth());
        Assert.Equal(2, swings.Groups);
        Assert.Equal(["office-0", "office-1", "office-2", "office-3", "office-4"], swings.Members(swings.Of("office-0")!.Value));
        Assert.Equal(["night-0", "night-1", "night-2"], swings.Members(swings.Of("night-2")!.Value));
        Assert.Null(swings.Of("flat"));
        Assert.Null(swings.Of("young"));
        Assert.Equal(10, swings.Levels().Sum(l => l.Count));
        swings.Forget("office-0");
        Assert.Equal(4, swings.Members(swings.Of("office-1")!.Value).Count);
    }

    [Fact]
    public void there_are_never_more_than_64_groups()
    {
        var (swings, random) = (new Swings(), new Random(7));
        for (var n = 0; n < 500; n++)
        {
            var day = Enumerable.Range(0, 24).Select(_ => 100 * random.NextDouble()).ToArray();
            swings.Note($"{n}", [.. Enumerable.Range(0, 96).Select(h => new UsePoint(h * Ring.Hour, day[h % 24], day[h % 24], null))]);
        }
        Assert.InRange(swings.Groups, 2, 64);
    }
}
