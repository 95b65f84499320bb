using Xiangyun.Fleet.Public;
using Xiangyun.Placement;
using Xiangyun.Placement.Allocations;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Public;
using Judge = Xiangyun.Placement.Allocations.Verdicts;

namespace Xiangyun.Unit.Placement;

public sealed class VerdictsOfHosts
{
    private static readonly HostView Host = new() { Id = "a", Name = "host3", Alive = true, Enabled = true, Vcpus = 4, MemoryMib = 6144, DiskGib = 100, Zone = "b", SeenAt = 1_700_000_000_000 };

    private static Demand Wants(long memory, string? zone = null) => new()
    {
        ConsumerId = "c", ProjectId = "p", UserId = "u", Zone = zone, Resources = new Dictionary<string, long> { ["VCPU"] = 1, ["MEMORY_MB"] = memory },
    };

    private static HostVerdict Say(HostView host, Demand demand, long used = 0) => Judge.Judge(host,
        [.. HostProvider.Inventories(host).Select(i => i.Class != "MEMORY_MB" ? i : new InventoryRow { ProviderId = i.ProviderId, Class = i.Class, Total = i.Total, Reserved = i.Reserved, MaxUnit = i.MaxUnit, Used = used })], demand);

    [Fact]
    public void a_host_with_room_fits() => Assert.True(Say(Host, Wants(5632)).Fits);

    [Fact]
    public void too_little_memory_is_told_in_numbers() => Assert.Equal(["needs 5633 MiB of memory, 5120 MiB are free"], Say(Host, Wants(5633), used: 512).Reasons);

    [Fact]
    public void what_no_host_of_this_size_can_ever_give_is_told_as_such()
    {
        var demand = Wants(1) with { Resources = new Dictionary<string, long> { ["VCPU"] = 5 } };
        Assert.Equal(["one server may have at most 4 vCPU here, 5 were asked for"], Say(Host, demand).Reasons);
    }

    [Fact]
    public void a_disabled_host_tells_the_operators_reason() =>
        Assert.Equal(["disabled by the operator: new fans"], Say(Host with { Enabled = false, DisabledReason = "new fans" }, Wants(1)).Reasons);

    [Fact]
    public void a_silent_host_tells_since_when() => Assert.Equal(["does not answer since 2023-11-14T22:13:20Z"], Say(Host with { Alive = false }, Wants(1)).Reasons);

    [Fact]
    public void another_zone_is_named() => Assert.Equal(["is in zone b, zone a was asked for"], Say(Host, Wants(1, "a")).Reasons);

    [Fact]
    public void every_reason_of_a_host_is_told() => Assert.Equal(2, Say(Host with { Alive = false }, Wants(9000)).Reasons.Count);

    [Fact]
    public void the_host_with_the_larger_free_part_of_memory_scores_higher() => Assert.True(Say(Host, Wants(1)).Score > Say(Host, Wants(1), used: 100).Score);

    [Fact]
    public void a_small_machine_keeps_a_tenth_of_its_memory_and_a_large_one_512_mib()
    {
        Assert.Equal(100, HostProvider.Inventories(Host with { MemoryMib = 1000 }).Single(i => i.Class == "MEMORY_MB").Reserved);
        Assert.Equal(512, HostProvider.Inventories(Host with { MemoryMib = 64000 }).Single(i => i.Class == "MEMORY_MB").Reserved);
    }

    [Fact]
    public void to_those_who_run_hosts_a_refusal_lists_twenty_and_counts_the_rest_by_reason()
    {
        var words = Words.Details([.. Enumerable.Range(1, 500).Select(n => new HostVerdict($"{n}", $"host{n}", n == 1, false, [n > 300 ? "is full" : "does not answer"], 0))]);
        Assert.StartsWith("No valid host was found. host1 (simulated): does not answer. host2: does not answer.", words);
        Assert.Contains("host20: does not answer. 280 further hosts: does not answer. 200 further hosts: is full.", words);
        Assert.DoesNotContain("host21:", words);
    }

    [Fact]
    public void to_everybody_else_it_counts_hosts_by_reason_and_tells_nothing_of_any()
    {
        var full = Say(Host, Wants(5633), used: 512);
        var silent = Say(Host with { Name = "host4", Alive = false, Enabled = false, DisabledReason = "new fans" }, Wants(5633));
        var words = Words.Refusal([full, full, silent]);
        Assert.Equal("No valid host was found. 3 of 3 hosts: less than 5633 MiB of memory is free. 1 of 3 hosts: disabled by the operator. 1 of 3 hosts: does not answer.", words);
        foreach (var hidden in new[] { "host3", "host4", "5120", "5632", "fans", "2023" }) Assert.DoesNotContain(hidden, words);
    }

    [Fact]
    public void a_cloud_without_hosts_says_so() => Assert.Equal("No valid host was found. There is no host in this cloud yet.", Words.Refusal([]));

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(1, false)]
    [InlineData(10, false)]
    public void units_and_steps_are_kept(long amount, bool taken) =>
        Assert.Equal(taken, new InventoryRow { ProviderId = "p", Class = "VCPU", Total = 20, MinUnit = 2, StepSize = 2, MaxUnit = 8 }.Takes(amount));
}
