using Xiangyun.Capacity.WhatIf;

namespace Xiangyun.Unit.Capacity;

/// <summary>What would be if.</summary>
public sealed class WhatIfs
{
    private static readonly Change Nothing = new([], new HashSet<string>(), [], null, null, null);

    private static PoolHost Host(string id, double vcpus, double ram, Load allocated, string zone = "a", double ratio = 1, double busy = 0) => new(id, id, zone, true, new Load(vcpus, ram, 1000), default, new Load(ratio, 1, 1), allocated, busy);

    private static PoolServer Server(string id, string host, double vcpus, double ram) => new(id, id, host, new Load(vcpus, ram, 10));

    private static Pool Three() => new([Host("h1", 10, 100, new Load(6, 60, 20), busy: 3), Host("h2", 10, 100, new Load(4, 40, 10), busy: 1), Host("h3", 10, 100, default)], [Server("s1", "h1", 4, 40), Server("s2", "h1", 2, 20), Server("s3", "h2", 4, 40)]);

    [Fact]
    public void nothing_asked_changes_nothing()
    {
        var outcome = Asking.Of(Three(), Nothing);
        Assert.Equal(outcome.Before, outcome.After);
        Assert.Equal((3, 2), (outcome.After.Hosts, outcome.After.InUse));
        Assert.Equal(100 * 4 / 30.0, outcome.After.CpuPercent!.Value, 1e-9);
        Assert.True(outcome.ReserveAfter.Held);
    }

    [Fact]
    public void of_what_is_added_as_much_fits_as_there_is_room_for_and_the_same_is_handed_out()
    {
        var outcome = Asking.Of(Three(), Nothing with { Add = [new Addition("f", new Load(3, 10, 5), 10, null)] });
        Assert.Equal(1 + 2 + 3, outcome.Added[0].Fits);
        Assert.Equal(10 + 3 * 6, outcome.After.Allocated.Vcpus);
        Assert.Equal(0, Asking.Of(Three(), Nothing with { Add = [new Addition("f", new Load(3, 10, 5), 10, "elsewhere")] }).Added[0].Fits);
    }

    [Fact]
    public void the_servers_of_a_lost_host_move_within_their_zone_or_are_stranded()
    {
        var moved = Asking.Of(Three(), Nothing with { Lose = new HashSet<string> { "h1" } });
        Assert.Equal((2, 0, 2), (moved.Moved, moved.Stranded.Count, moved.After.Hosts));
        Assert.Equal(10, moved.After.Allocated.Vcpus);
        var lonely = Three() with { Hosts = [.. Three().Hosts.Select(h => h.Id == "h1" ? h with { Zone = "b" } : h)] };
        Assert.Equal(["s1", "s2"], Asking.Of(lonely, Nothing with { Lose = new HashSet<string> { "h1" } }).Stranded.Select(s => s.Id));
    }

    [Fact]
    public void n_plus_1_names_the_host_that_cannot_be_lost_and_a_purchase_mends_it()
    {
        var full = new Pool([Host("h1", 10, 100, new Load(8, 80, 20)), Host("h2", 10, 100, new Load(8, 80, 10))], [Server("s1", "h1", 4, 40), Server("s2", "h1", 4, 40), Server("s3", "h2", 8, 80)]);
        Assert.Equal(new Reserve(false, "h1", 2), Asking.Of(full, Nothing).ReserveBefore);
        var bought = Asking.Of(full, Nothing with { Buy = [new Purchase(1, "a", new Load(10, 100, 1000))] });
        Assert.True(bought.ReserveAfter.Held);
        Assert.Equal((3, 30.0), (bought.After.Hosts, bought.After.Capacity.Vcpus));
    }

    [Fact]
    public void another_overcommit_changes_what_may_be_handed_out_in_its_zone_only()
    {
        var two = new Pool([Host("h1", 10, 100, default), Host("h2", 10, 100, default, "b")], []);
        Assert.Equal(60, Asking.Of(two, Nothing with { CpuRatio = 5, RatioZone = "a" }).After.Capacity.Vcpus);
        Assert.Equal(100, Asking.Of(two, Nothing with { CpuRatio = 5 }).After.Capacity.Vcpus);
        Assert.Equal(2 * 150, Asking.Of(two, Nothing with { RamRatio = 1.5 }).After.Capacity.RamMib);
    }

    [Fact]
    public void whatever_is_asked_no_host_holds_more_than_it_may_and_no_server_is_lost_from_the_count()
    {
        var random = new Random(5);
        for (var n = 0; n < 300; n++)
        {
            var servers = new List<PoolServer>();
            var hosts = Enumerable.Range(0, 2 + random.Next(8)).Select(h =>
            {
                var mine = Enumerable.Range(0, random.Next(5)).Select(s => Server($"{h}-{s}", $"h{h}", 1 + random.Next(2), 5 + random.Next(15))).ToList();
                servers.AddRange(mine);
                return Host($"h{h}", 10, 100, mine.Aggregate(default(Load), (a, s) => a + s.Needs), random.Next(2) == 0 ? "a" : "b", 1);
            }).ToList();
            var lose = hosts.Where(_ => random.Next(4) == 0).Select(h => h.Id).ToHashSet();
            var outcome = Asking.Of(new Pool(hosts, servers), Nothing with { Lose = lose, Add = [new Addition("f", new Load(2, 10, 1), random.Next(40), null)] });
            var homeless = servers.Count(s => lose.Contains(s.HostId));
            Assert.Equal(homeless, outcome.Moved + outcome.Stranded.Count);
            Assert.True(outcome.After.Capacity.Holds(outcome.After.Allocated));
            Assert.Equal(servers.Sum(s => s.Needs.Vcpus) - outcome.Stranded.Sum(s => s.Needs.Vcpus) + 2 * outcome.Added[0].Fits, outcome.After.Allocated.Vcpus, 1e-6);
            Assert.Equal(outcome.After.Hosts, outcome.Zones.Values.Sum(z => z.After.Hosts));
        }
    }
}
