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
    public void an_estate_with_one_real_host_or_without_a_cloud_has_no_such_story()
    {
        Aggregate[] zones = [Zone(1, "dc-1"), Zone(2, Standing.CloudZone)];
        Assert.NotNull(Standing.Of(Now, zones, [Host("a", "dc-1"), Host("b", Standing.CloudZone)], []));
        Assert.Null(Standing.Of(Now, zones, [Host("a", "dc-1", simulated: false), Host("b", Standing.CloudZone)], []));
        Assert.Null(Standing.Of(Now, zones, [Host("a", "dc-1"), Host("b", "dc-1")], []));
    }
}
