using Xiangyun.Approvals.Public;
using Xiangyun.Capacity.Idle;
using Xiangyun.Capacity.Reports;
using Xiangyun.Capacity.Settings;
using Xiangyun.Compute.Public;
using Xiangyun.Store.Idle;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Unit.Capacity;

/// <summary>Which things nobody uses.</summary>
public sealed class IdleThings
{
    private const long Day = 86_400_000, Now = 20_000 * Day;
    private static readonly PriceList Prices = new("CNY", new Dictionary<string, long> { ["compute.cores"] = 3000, ["compute.ram"] = 2, ["volume.gigabytes"] = 50, ["network.floatingip"] = 5000 });
    private static readonly Policy Policy = new();

    private static ServerFacts Server(string id, long? stopped = null) => new() { Id = id, Name = id, ProjectId = "p", Zone = "nova", FlavorId = "f", Vcpus = 2, RamMib = 1024, DiskGib = 20, Status = stopped is null ? "ACTIVE" : "SHUTOFF", StoppedAt = stopped };

    private static UseProfile Calm(double days = 20, double p95 = 2, double disk = 100, double net = 100) => new() { Hours = (int)(days * 24), P95 = p95, Peak = p95, Days = [.. Enumerable.Range(0, 30).Select(i => i < 30 - days ? new DayOfUse(i, null, null, null) : new DayOfUse(i, disk, i == 29 ? net : 10, 0))] };

    private static List<Found> Look(IReadOnlyList<ServerFacts> servers, Dictionary<string, UseProfile>? profiles = null, params Leftover[] left) => [.. Finder.Look(Now, servers, profiles ?? [], left, Prices, Policy)];

    [Fact]
    public void a_server_is_idle_only_if_processors_disk_and_network_all_were_for_all_the_days()
    {
        Assert.Equal("server_idle", Look([Server("s")], new() { ["s"] = Calm() }).Single().Kind);
        Assert.Equal(2 * 3000 + 2048, Look([Server("s")], new() { ["s"] = Calm() }).Single().Cost);
        foreach (var busy in new[] { Calm(p95: 6), Calm(disk: 50_000), Calm(net: 5000), Calm(days: 13), new UseProfile() }) Assert.Empty(Look([Server("s")], new() { ["s"] = busy }));
        Assert.Empty(Look([Server("s")]));
    }

    [Fact]
    public void what_is_stopped_or_attached_to_nothing_for_long_is_found_with_what_it_costs()
    {
        var found = Look([Server("long", Now - 31 * Day), Server("short", Now - 29 * Day)], null,
            new Leftover("volume", "v", "data", "p", Now - 40 * Day, "volume.gigabytes", 100), new Leftover("volume", "new", null, "p", Now - 5 * Day, "volume.gigabytes", 100),
            new Leftover("floating_ip", "a", "172.24.4.9", "p", Now - 31 * Day, "network.floatingip", 1), new Leftover("snapshot", "s", "old", "p", Now - 181 * Day, "volume.gigabytes", 10), new Leftover("snapshot", "t", "young", "p", Now - 100 * Day, "volume.gigabytes", 10));
        Assert.Equal(["server_stopped long 9048", "volume v 5000", "floating_ip a 5000", "snapshot s 500"], found.Select(f => $"{f.Kind} {f.ObjectId} {f.Cost}"));
    }

    [Fact]
    public void the_use_of_an_organisation_is_that_of_its_servers_together()
    {
        var sums = new Sums();
        sums.Add(Server("a"), Enumerable.Range(0, 100).Select(h => new UsePoint(h, h < 50 ? 80 : 0, 90, 50)));
        sums.Add(Server("b"), Enumerable.Range(0, 100).Select(h => new UsePoint(h, h < 50 ? 0 : 80, 90, 100)));
        Assert.All(sums.Cpu, v => Assert.Equal(40, v)); // each peaks at 80 %, together they never do
        Assert.All(sums.Memory, v => Assert.Equal(75, v));
        Assert.Equal((2, 4L, 2048L), (sums.Servers, sums.Vcpus, sums.RamMib));
    }
}
