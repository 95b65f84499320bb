using Xiangyun.Fleet.Public;

namespace Xiangyun.Unit.Fleet;

public sealed class ReserveOfAZone
{
    private static HostView Host(string id, bool alive = true, bool enabled = true, PowerState wanted = PowerState.On) => new() { Id = id, Name = id, Alive = alive, Enabled = enabled, PowerWanted = wanted };

    private static Dictionary<string, HostLoad> Loads(params (string Id, long Capacity, long Used)[] of) =>
        of.ToDictionary(h => h.Id, h => new HostLoad(new Dictionary<string, long> { ["MEMORY_MB"] = h.Capacity }, new Dictionary<string, long> { ["MEMORY_MB"] = h.Used }));

    private static string? WhyNot(IReadOnlyList<HostView> zone, Dictionary<string, HostLoad> loads, params string[] leaving) => Reserve.WhyNot(zone, loads, leaving.ToHashSet());

    [Fact]
    public void a_host_may_go_while_the_rest_holds_everything_without_its_largest()
    {
        var loads = Loads(("a", 100, 0), ("b", 100, 60), ("c", 100, 40));
        Assert.Null(WhyNot([Host("a"), Host("b"), Host("c")], loads, "a"));
        Assert.Contains("101 are promised", WhyNot([Host("a"), Host("b"), Host("c")], Loads(("a", 100, 0), ("b", 100, 60), ("c", 100, 41)), "a"));
    }

    [Fact]
    public void several_that_go_at_once_are_counted_together()
    {
        var (zone, loads) = ((HostView[])[Host("a"), Host("b"), Host("c"), Host("d")], Loads(("a", 100, 0), ("b", 100, 0), ("c", 100, 60), ("d", 100, 60)));
        Assert.Null(WhyNot(zone, loads, "a"));
        Assert.NotNull(WhyNot(zone, loads, "a", "b"));
    }

    [Fact]
    public void the_largest_that_may_fail_is_the_one_with_the_most_room_not_the_fullest()
    {
        var zone = new[] { Host("small"), Host("large"), Host("gone") };
        Assert.Null(WhyNot(zone, Loads(("small", 100, 100), ("large", 400, 0), ("gone", 100, 0)), "gone"));
        Assert.NotNull(WhyNot(zone, Loads(("small", 100, 100), ("large", 400, 1), ("gone", 100, 0)), "gone"));
    }

    [Fact]
    public void hosts_that_are_off_silent_or_disabled_hold_nothing_for_others_but_what_is_promised_on_them_counts()
    {
        foreach (var other in new[] { Host("x", alive: false), Host("x", enabled: false), Host("x", wanted: PowerState.Off) })
        {
            Assert.NotNull(WhyNot([Host("a"), Host("b"), other], Loads(("a", 100, 0), ("b", 100, 1), ("x", 1000, 0)), "a"));
            Assert.NotNull(WhyNot([Host("a"), Host("b"), Host("c"), other], Loads(("a", 100, 0), ("b", 100, 50), ("c", 100, 0), ("x", 100, 51)), "a"));
        }
    }

    [Fact]
    public void an_empty_zone_needs_no_reserve() => Assert.Null(WhyNot([Host("a")], Loads(("a", 100, 0)), "a"));
}
