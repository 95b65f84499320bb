using System.IO.Compression;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Simulated;

namespace Xiangyun.Unit.Fleet;

/// <summary>What simulated guests use, and what simulated hosts have.</summary>
public sealed class SimulatedDays : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("xy-days-").FullName;

    public SimulatedDays()
    {
        foreach (var (day, rows) in new[] { ("20110303", 3), ("20110306", 4) })
        {
            Directory.CreateDirectory(Path.Combine(_directory, day));
            using var writer = new StreamWriter(new GZipStream(File.Create(Path.Combine(_directory, day, "cpu.csv.gz")), CompressionLevel.Fastest));
            for (var row = 0; row < rows; row++) writer.WriteLine($"vm{row}," + string.Join(',', Enumerable.Range(0, 288).Select(i => (i + row) % 100)));
        }
    }

    [Fact]
    public void a_guest_follows_the_row_that_its_id_picks_at_the_time_of_day_in_china()
    {
        var days = new RecordedDays(_directory);
        Assert.Equal("recorded: 20110303 20110306, 7 rows", days.Source);
        var (_, _, use) = days.Row("a-guest");
        var noon = new DateTimeOffset(2026, 11, 29, 4, 2, 0, TimeSpan.Zero); // 12:02 in China, the 145th interval
        Assert.Equal(4 * use[144] / 100.0, days.BusyProcessors("a-guest", 4, noon), 9);
        Assert.Equal(days.BusyProcessors("a-guest", 4, noon), new RecordedDays(_directory).BusyProcessors("a-guest", 4, noon.AddDays(1)));
        Assert.Equal(7, Enumerable.Range(0, 500).Select(i => days.Row($"guest-{i}")).Select(r => (r.Day, r.Name)).Distinct().Count());
    }

    [Fact]
    public void without_recorded_days_the_made_up_one_stays_below_sixteen_per_cent()
    {
        var at = new DateTimeOffset(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);
        Assert.InRange(Enumerable.Range(0, 1000).Average(i => SimulatedLoad.MadeUp.BusyProcessors($"guest-{i}", 1, at)), 0.02, 0.16);
        Assert.Equal("made up", SimulatedLoad.MadeUp.Source);
    }

    [Fact]
    public void a_directory_without_recorded_days_is_refused_by_name() =>
        Assert.Contains("holds no cpu.csv.gz", Assert.Throws<ArgumentException>(() => new RecordedDays(Path.Combine(_directory, "nothing"))).Message);

    [Fact]
    public void hosts_have_the_sizes_that_they_were_given_in_the_order_of_their_numbers()
    {
        Assert.Equal([new(4, 16384), new(4, 16384), new(64, 1048576), new(64, 1048576)], HostSize.List("2:4x16,1:64x1024", 4));
        Assert.Equal(new HostSize(64, 262144), HostSize.List("", 1).Single());
        Assert.Throws<ArgumentException>(() => HostSize.List("2:4", 4));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
