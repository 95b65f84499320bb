using Xiangyun.Energy.Counting;
using Xiangyun.Energy.Settings;
using Xiangyun.Fleet.Public;

namespace Xiangyun.Unit.Energy;

public sealed class Counted
{
    private static HostView Host(bool alive = true, double cpu = 0, PowerState seen = PowerState.On) => new() { Id = "a", Name = "a", Vcpus = 2, Alive = alive, CpuPercent = cpu, PowerSeen = seen };

    [Fact]
    public void an_estimate_follows_the_curve_between_its_points()
    {
        var settings = new EnergySettings();
        Assert.Equal(93.7, settings.Watts("", 2, 0));
        Assert.Equal(135, settings.Watts("", 2, 1));
        Assert.Equal(99, settings.Watts("", 2, 0.15), 6); // between 97 and 101
        Assert.Equal(99, Draw.Of(Host(cpu: 15), null, settings, 0).Watts!.Value, 6);
    }

    [Fact]
    public void the_curve_of_a_model_is_of_the_whole_machine()
    {
        var settings = new EnergySettings { Models = new Dictionary<string, IReadOnlyList<double>> { ["Maker X1"] = [50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150] } };
        Assert.Equal(105, Draw.Of(Host(cpu: 55), new HostMeasure("Maker X1", null, 0), settings, 0).Watts);
        Assert.NotEqual(105, Draw.Of(Host(cpu: 55), new HostMeasure("Maker X2", null, 0), settings, 0).Watts);
    }

    [Fact]
    public void what_a_controller_measured_counts_while_it_is_fresh()
    {
        var measure = new HostMeasure("", 182, 1000);
        Assert.Equal(new Draw(182, true), Draw.Of(Host(), measure, new EnergySettings(), 1000 + Draw.Fresh - 1));
        Assert.False(Draw.Of(Host(), measure, new EnergySettings(), 1000 + Draw.Fresh).Measured);
    }

    [Fact]
    public void a_host_that_boots_draws_what_an_idle_one_does_one_that_is_off_its_standby_and_of_a_silent_one_nothing_is_known()
    {
        var settings = new EnergySettings { StandbyWatts = 5 };
        Assert.Equal(93.7, Draw.Of(Host(alive: false), null, settings, 0).Watts);
        Assert.Equal(5, Draw.Of(Host(alive: false, seen: PowerState.Off), null, settings, 0).Watts);
        Assert.Null(Draw.Of(Host(alive: false, seen: PowerState.Unknown), null, settings, 0).Watts);
    }

    [Fact]
    public void energy_is_shared_by_the_processors_in_use_and_adds_up()
    {
        var parts = Sharing.Of(100, [("p", 1, 4), ("q", 2, 4), ("p", 1, 8)]).ToDictionary(p => p.Project, p => p.Part);
        Assert.Equal((50, 50), (parts["p"], parts["q"]));
        Assert.Equal([("p", 25.0), ("q", 75.0)], Sharing.Of(100, [("p", 0, 1), ("q", 0, 3)]));
        Assert.Empty(Sharing.Of(100, []));
    }

    [Fact]
    public void a_month_of_hours_reads_back_as_it_was_written_with_its_gaps()
    {
        var hours = new Hours();
        for (var i = 0; i < 744; i++) if (i % 7 != 3) hours.Set(i, i * 11.4, i < 100 ? 1 : 0);
        var text = hours.Write();
        var back = Hours.Read(text);
        for (var i = 0; i < 744; i++) Assert.Equal((hours[i], hours.Measured(i)), (back[i], back.Measured(i)));
        Assert.Null(back[3]);
        Assert.Equal(0, back[0]);
        Assert.InRange(text.Length, 1, 2500);
    }

    [Fact]
    public void an_empty_month_is_no_text_of_any_size() => Assert.Null(Hours.Read(new Hours().Write())[0]);

    [Fact]
    public void hours_know_their_month()
    {
        var hour = new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() / Moments.Hour;
        Assert.Equal((202611L, 29 * 24 + 23), Moments.Of(hour));
        Assert.Equal((202612L, 0), Moments.Of(hour + 1));
        Assert.Equal(hour + 1, Moments.First(202612));
    }
}
