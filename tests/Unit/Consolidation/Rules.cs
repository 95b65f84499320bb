using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xiangyun.Consolidation;
using Xiangyun.Consolidation.Plans;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Consolidation.Safety;
using Xiangyun.Protocol;

namespace Xiangyun.Unit.Consolidation;

/// <summary>The pure rules of live consolidation: windows, the reserve, states, promises, the rule that approves.</summary>
public sealed class Rules
{
    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-11-30T14:30:00Z", true)]   // Monday 22:30 in China
    [InlineData("2026-11-30T21:59:00Z", true)]   // Tuesday 05:59, the Monday's window still
    [InlineData("2026-11-30T22:00:00Z", false)]  // Tuesday 06:00
    [InlineData("2026-12-01T14:30:00Z", false)]  // Tuesday 22:30
    [InlineData("2026-11-30T13:59:00Z", false)]  // Monday 21:59
    public void a_window_over_midnight_belongs_to_the_day_on_which_it_begins(string at, bool open) =>
        Assert.Equal(open, Window.Open(new Policy { Windows = [new Window(["mon"], "22:00", "06:00")] }, At(at)));

    [Fact]
    public void without_windows_any_time_is_open_and_equal_ends_are_the_whole_day()
    {
        Assert.True(Window.Open(new Policy(), At("2026-11-30T12:00:00Z")));
        Assert.True(Window.Open(new Policy { Windows = [new Window([], "08:00", "08:00")] }, At("2026-11-30T12:00:00Z")));
    }

    [Fact]
    public void the_reserve_holds_only_if_what_a_failed_host_held_packs_into_the_others()
    {
        static Standing Host(string id, params double[] servers) => new(id, [100, 100], [.. servers.Select(s => (IReadOnlyList<double>)new[] { 1.0, s })]);
        Assert.True(Survival.Holds([Host("a", 50), Host("b", 50), Host("c")], 1));
        Assert.False(Survival.Holds([Host("a", 90), Host("b", 90)], 1));
        Assert.False(Survival.Holds([Host("a", 60), Host("b", 50), Host("c", 50)], 1)); // by sums it would fit, in one piece it does not
        Assert.True(Survival.Holds([Host("a", 60)], 0));
        Assert.False(Survival.Holds([Host("a", 60)], 1));
    }

    /// <summary>Whatever stands where: when it is said to hold, evacuation by first fit, largest first, finds room for each server of each single host.</summary>
    [Property(MaxTest = 200)]
    public Property what_is_said_to_survive_does() => Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed =>
    {
        var chance = new Random(seed);
        var hosts = Enumerable.Range(0, chance.Next(2, 7)).Select(h => new Standing($"h{h}", [32, 100], [.. Enumerable.Range(0, chance.Next(0, 4)).Select(_ => (IReadOnlyList<double>)new double[] { chance.Next(1, 9), chance.Next(1, 30) })])).ToList();
        if (!Survival.Holds(hosts, 1)) return;
        var most = hosts.MaxBy(h => h.Servers.Sum(s => s[1]))!;
        var free = hosts.Where(h => h != most).Select(h => new[] { 32 - h.Servers.Sum(s => s[0]), 100 - h.Servers.Sum(s => s[1]) }).ToList();
        foreach (var server in most.Servers.OrderByDescending(s => s[1]))
        {
            var room = free.First(f => f[0] >= server[0] && f[1] >= server[1]);
            (room[0], room[1]) = (room[0] - server[0], room[1] - server[1]);
        }
    });

    [Fact]
    public void what_may_still_be_admitted_leaves_the_largest_hosts_free()
    {
        Assert.Equal(50, Survival.Left([(100, 20), (100, 30), (60, 60)], 1));
        Assert.Equal(-50, Survival.Left([(100, 20), (100, 30), (60, 60)], 2));
        Assert.Equal(150, Survival.Left([(100, 20), (100, 30), (60, 60)], 0));
    }

    [Fact]
    public void a_plans_state_follows_from_its_rows()
    {
        static PlanRow Row(long? approved = null, long? stopped = null, string? failed = null, long? ended = null, long? undone = null) => new()
        { Id = "p", Cluster = "c", Kind = PlanKinds.Plan, Body = "{}", Hash = "", MadeBy = "me", ApprovedAt = approved, StoppedAt = stopped, FailedWhy = failed, EndedAt = ended, UndoneAt = undone };
        Assert.Equal("draft", PlanState.Of(Row(), false));
        Assert.Equal("approved", PlanState.Of(Row(approved: 1), false));
        Assert.Equal("running", PlanState.Of(Row(approved: 1), true));
        Assert.Equal("stopped", PlanState.Of(Row(approved: 1, stopped: 2, ended: 3), true));
        Assert.Equal("failed", PlanState.Of(Row(approved: 1, failed: "why", ended: 3), true));
        Assert.Equal("done", PlanState.Of(Row(approved: 1, ended: 3), true));
        Assert.Equal("undone", PlanState.Of(Row(approved: 1, stopped: 2, ended: 3, undone: 4), true));
        Assert.Equal("stopped", PlanState.Of(Row(stopped: 2), false));
    }

    [Fact]
    public void the_rule_approves_small_plans_of_little_risk_and_rescues_unless_told_not_to()
    {
        var auto = new Approval("auto", 10, 1);
        Assert.True(auto.Approves(PlanKinds.Plan, 10, 1));
        Assert.False(auto.Approves(PlanKinds.Plan, 11, 0));
        Assert.False(auto.Approves(PlanKinds.Plan, 1, 1.1));
        Assert.False(new Approval().Approves(PlanKinds.Plan, 1, 0));
        Assert.True(new Approval().Approves(PlanKinds.Rescue, 99, 50));
        Assert.False(new Approval(Rescue: "manual").Approves(PlanKinds.Rescue, 1, 0));
    }

    [Fact]
    public void a_sample_is_compared_with_each_promise_and_what_is_unknown_breaks_none()
    {
        var seen = new Seen { Usage = new HostUsage { MemoryPressure = 12 }, Guests = { new GuestSample { Id = "a", Vcpus = 4, CpuWait = 0.4f }, new GuestSample { Id = "b", Vcpus = 4, CpuWait = 0.1f, MajorFaults = 50 }, new GuestSample { Id = "c", Vcpus = 4 } } };
        Assert.Equal([("a", Excess.Steal), (null, Excess.Memory)], Measured.Over(new Slo(), seen).Select(e => (e.ServerId, e.Kind)));
        Assert.Equal(10, Measured.Over(new Slo(), seen)[0].Value, 3);
        Assert.Equal([("b", Excess.Faults)], Measured.Over(new Slo(null, null, 20), seen).Select(e => (e.ServerId, e.Kind)));
        Assert.Empty(Measured.Over(new Slo(20, 20), seen));
    }
}
