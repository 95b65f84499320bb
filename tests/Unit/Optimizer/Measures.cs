using Xiangyun.Optimizer.Public;
using Xiangyun.Replay;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Report;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Unit.Optimizer;

public sealed class Measures
{
    private sealed class Stay : IPolicy
    {
        public string Name => "stay";
        public void Start(World world) => Enumerable.Range(0, world.Vms.Length).ToList().ForEach(vm => world.Put(vm, 1));
        public IReadOnlyList<Move> Next(World world, Past past) => [];
    }

    private static Outcome Replay(params int[] constant) => new Replayer(
        new Trace("t", [.. constant.Select((_, i) => new VmShape($"vm{i}", 2660, 613))], [.. constant.Select(c => Enumerable.Repeat((byte)c, Trace.Steps).ToArray())]),
        Estates.Of("g4g5"), new Terms(CloudSim: false), new Stay()).Run();

    [Fact]
    public void use_and_energy_of_one_steady_host_are_those_of_the_power_table()
    {
        var outcome = Replay(50, 50); // half of a G5: 116 W
        Assert.Equal(50, outcome.UtilPct, 6);
        Assert.Equal(0, outcome.OverloadTimePct, 6);
        Assert.Equal(116 * 86099.9 / 3.6e6, outcome.EnergyKwh, 3); // counted from the first decision, 300.1 s
        Assert.Equal(1, outcome.PeakHosts);
    }

    [Fact]
    public void what_is_beyond_the_capacity_is_unserved_and_not_use()
    {
        var outcome = Replay(100, 100, 50);
        Assert.Equal(100, outcome.UtilPct, 6);
        Assert.Equal(100, outcome.OverloadTimePct, 6);
        Assert.Equal(20, outcome.UnservedPct, 6);
    }

    [Theory]
    [InlineData(0, 10, 20, 0, 0)]
    [InlineData(30, 40, 20, 1, 15)]
    [InlineData(0, 40, 20, 0.5, 5)]
    [InlineData(40, 0, 20, 0.5, 5)]
    public void overload_of_a_rising_or_falling_load_is_exact(double from, double to, double limit, double share, double area)
    {
        var (over, mean) = Meter.Above(from, to, limit);
        Assert.Equal(share, over, 9);
        Assert.Equal(area, mean, 9);
    }

    [Fact]
    public void power_is_a_straight_line_between_the_tenths()
    {
        Assert.Equal(93.7, Estates.SmallG5.WattsAt(0), 9);
        Assert.Equal(95.35, Estates.SmallG5.WattsAt(0.05), 9);
        Assert.Equal(135, Estates.SmallG5.WattsAt(1), 9);
    }

    [Fact]
    public void json_has_the_agreed_fields()
    {
        var line = Lines.Json(Replay(10));
        foreach (var field in new[] { "trace", "policy", "util_pct", "overload_time_pct", "unserved_pct", "migrations_per_vm_day", "host_hours", "energy_kwh", "peak_hosts", "esv" })
            Assert.Contains($"\"{field}\":", line);
    }

    [Fact]
    public void moves_of_one_host_wait_for_each_other_and_a_cold_host_boots_first()
    {
        var world = new World(Estates.Of("g4g5"), [.. Enumerable.Range(0, 3).Select(i => new VmShape($"vm{i}", 500, 1740))]);
        for (var vm = 0; vm < 3; vm++) world.Put(vm, 1);
        var journeys = Schedule.Of([new(0, 1, 3), new(1, 1, 3), new(2, 1, 3)], world, new Terms(CloudSim: false), resident: false);
        Assert.Equal([120, 120, 147.84], journeys.Select(j => j.Start), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
