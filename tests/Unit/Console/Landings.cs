using Xiangyun.Client.Integration;
using Xiangyun.Client.Records;

namespace Xiangyun.Unit.Console;

using Server = Client.Records.Server;

/// <summary>Where servers land on their way from an old data centre to the cloud, and what the estate's own rows say of how far it is.</summary>
public sealed class Landings
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static Host Host(string name, string zone, bool enabled = true, double cpu = 10, int running = 0, bool simulated = true, bool alive = true) =>
        new(name, name, zone, enabled, null, simulated, alive, null, null, 8, 32768, 1000, running, 0, 0, cpu, null);

    private static Server Server(string id, string host, int vcpus = 4, int ram = 8192) => new() { Id = id, Name = id, Status = "ACTIVE", Host = host, Flavor = new ServerFlavor("f", vcpus, ram, 20) };

    private static Aggregate Zone(int id, string zone, params (string Key, string Value)[] metadata) => new(id, zone, zone, metadata.ToDictionary(m => m.Key, m => m.Value));

    [Fact]
    public void servers_land_on_the_fullest_host_that_has_room_and_none_where_nobody_has()
    {
        Room[] rooms = [new(Host("empty", "c"), 16, 32768, 100), new(Host("fuller", "c"), 8, 16384, 100)];
        var plan = Landing.Plan(rooms, [Server("a", "x"), Server("b", "x"), Server("c", "x"), Server("huge", "x", vcpus: 64)]);
        Assert.Equal([("a", "fuller"), ("b", "fuller"), ("c", "empty")], plan.Select(p => (p.Server.Id, p.Host.Name)));
    }

    [Fact]
    public void a_host_that_is_closed_and_empty_counts_neither_as_in_use_nor_in_the_use()
    {
        Host[] hosts = [Host("a", "dc-1", cpu: 10), Host("b", "dc-1", enabled: false, cpu: 0), Host("c", "dc-1", enabled: false, cpu: 50, running: 2), Host("d", "dc-1", alive: false, cpu: 90)];
        Assert.Equal(30, Standing.UseOf(hosts)!.Value, 9);
        Assert.Null(Standing.UseOf([]));
    }

    [Fact]
    public void where_it_stands_follows_from_rows_alone()
    {
        var standing = Standing.Of(Now, [Zone(1, "dc-1", (Island.ClosedKey, "2026-11-29T10:00:00Z")), Zone(2, "dc-2"), Zone(3, Standing.CloudZone)],
            [Host("a", "dc-1", enabled: false), Host("b", "dc-1", enabled: false), Host("c", "dc-2"), Host("d", Standing.CloudZone)], [Server("s", "c")])!;
        Assert.Equal((1, 2, 2), (standing.Closed, standing.Retired, standing.On));
        Assert.Equal(4, standing.HostHours, 9); // two hosts, two hours
        Assert.Equal("dc-2", Walk.Next(standing)!.Zone);
        Assert.Equal("dc-1", Walk.Last(standing)!.Zone);
        Assert.Equal(1, Walk.LeftOfWave(standing));
    }

    [Fact]
    public void the_plan_of_the_waves_follows_the_walk_and_expects_what_is_measured_now()
    {
        var hosts = Enumerable.Range(1, 3).SelectMany(dc => new[] { Host($"{dc}a", $"dc-{dc}", cpu: 10, running: 1), Host($"{dc}b", $"dc-{dc}", cpu: 10) }).Concat([Host("c1", Standing.CloudZone, enabled: false, cpu: 0), Host("c2", Standing.CloudZone, enabled: false, cpu: 0)]).ToList();
        var now = Standing.Of(Now, [Zone(1, "dc-1"), Zone(2, "dc-2"), Zone(3, "dc-3"), Zone(4, Standing.CloudZone)], hosts, [Server("s1", "1a"), Server("s2", "2a", ram: 4096), Server("s3", "3a"), Server("s4", "3a", vcpus: 64)])!;
        var draw = new EnergyNow(0, 6 * 50 + 40, 0, 0, [.. hosts.Select(h => new HostEnergy(h.Id, h.Name, h.Zone, true, true, "on", "on", null, 0, h.CpuPercent, h.Name == "c1" ? 40 : h.Name == "c2" ? 0 : 50, false, null, 0))]);
        var terms = new EnergyTerms(1.5, 0.7, "CNY", 0.5, 0, [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], []);
        Room[] rooms = [new(now.Cloud.Hosts[0], 4, 8192, 100), new(now.Cloud.Hosts[1], 8, 16384, 100)];
        var waves = WavePlan.Of(now, rooms, draw, terms);
        Assert.Equal([1, 2], waves.Select(w => w.Number));
        var later = now with { Islands = [.. now.Islands.Select(i => i.Zone == "dc-2" ? i with { Servers = [], Hosts = [.. i.Hosts.Select(h => h with { Enabled = false })] } : i)] };
        Assert.Equal([(2, 2)], WavePlan.Of(later, rooms, draw, terms).Select(w => (w.Number, w.Islands.Count))); // a wave keeps its number when those before it are over
        Assert.Equal([("dc-2", 1, 0, 2, 1, 1), ("dc-1 dc-3", 3, 1, 4, 2, 1)], waves.Select(w => (string.Join(' ', w.Islands.Select(i => i.Zone)), w.Servers, w.Left, w.Retired, w.CloudHosts, w.Woken)));
        // 4.8 processors are in use; after the first wave four old hosts and one of the cloud are, with eight processors each
        Assert.Equal((5, 12.0), (waves[0].On, Math.Round(waves[0].Use!.Value, 6)));
        Assert.Equal((2, 30.0), (waves[1].On, Math.Round(waves[1].Use!.Value, 6)));
        Assert.Equal(340 - 100 + 1.6 * 10, waves[0].Watts, 6); // the first host of the cloud is on already
        Assert.Equal(waves[0].Watts - 200 + 3.2 * 10 + 8 * 5, waves[1].Watts, 6);
    }

    [Fact]
    public void what_was_saved_is_the_difference_of_two_readings_at_energys_prices()
    {
        EnergyOf Counted(double seconds, params double[] kwh) => new(0, 0, "cloud", 1.5, 0.8, "CNY", 0.5, Now.ToUnixTimeMilliseconds(), seconds, [.. kwh.Select(k => new EnergySeries("all", "cloud", k, 0, 0, 0, null))]);
        var draw = new EnergyNow(Now.ToUnixTimeMilliseconds(), 400, 0, 0, []);
        var saved = new Savings(draw, Counted(4 * 3600 + 600, 5), Now - TimeSpan.FromHours(9), 1000, 2, 600); // for five of nine hours nobody counted
        Assert.Equal((4.0, 3.0, 1.0), (saved.KwhAsBefore!.Value, saved.KwhDrawn!.Value, saved.KwhSaved!.Value));
        Assert.Equal((1.2, 5256.0, 5256 * 1.2), (Math.Round(saved.MoneySaved!.Value, 9), Math.Round(saved.KwhAYear!.Value, 6), Math.Round(saved.MoneyAYear!.Value, 6)));
        Assert.Equal(default((double?, double?)), saved with { From = null, WattsBefore = null } is var unknown ? (unknown.KwhSaved, unknown.MoneySaved) : (1, 1));
        Assert.Contains($"from={(Now - TimeSpan.FromHours(9)).ToUnixTimeMilliseconds()}", saved.Sources["kwh_drawn"]);
    }

    [Fact]
    public void an_estate_with_one_real_host_or_without_a_cloud_has_no_such_story()
    {
        Aggregate[] zones = [Zone(1, "dc-1"), Zone(2, Standing.CloudZone)];
        Assert.NotNull(Standing.Of(Now, zones, [Host("a", "dc-1"), Host("b", Standing.CloudZone)], []));
        Assert.Null(Standing.Of(Now, zones, [Host("a", "dc-1", simulated: false), Host("b", Standing.CloudZone)], []));
        Assert.Null(Standing.Of(Now, zones, [Host("a", "dc-1"), Host("b", "dc-1")], []));
    }
}
