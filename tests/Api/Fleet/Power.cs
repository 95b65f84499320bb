using Xiangyun.Testing;

namespace Xiangyun.Api.Fleet;

public sealed class PowerOnSqlite(PowerOnSqlite.OneCloud one) : Power("sqlite", one), IClassFixture<PowerOnSqlite.OneCloud>
{
    public sealed class OneCloud() : PowerCloud("sqlite");
}

public sealed class PowerOnPostgres(PowerOnPostgres.OneCloud one) : Power("postgres", one), IClassFixture<PowerOnPostgres.OneCloud>
{
    public sealed class OneCloud() : PowerCloud("postgres");
}

/// <summary>A cloud for these tests alone: nobody else's servers may lose their hosts.</summary>
public abstract class PowerCloud(string database) : IAsyncLifetime
{
    public Cloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (database == "postgres") Needs.That("postgres");
        Cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 4, Boot = 2 });
    }

    public async ValueTask DisposeAsync()
    {
        if (Cloud is not null) await Cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Simulated hosts that are really taken away and come back.</summary>
public abstract class Power(string database, PowerCloud one) : IAsyncLifetime
{
    private readonly Cloud _cloud = one.Cloud;
    private Client Admin => _cloud.Admin;

    /// <summary>Each test begins with all hosts on.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var host in await Hosts()) (await Switch(host, "on")).Is(202);
        await _cloud.HostsAlive();
    }

    public ValueTask DisposeAsync()
    {
        _cloud.Folder.NoteResult();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<List<string>> Hosts() => [.. (await Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().Select(h => (string)h!["id"]!)];

    private Task<Reply> Switch(string host, string state, string reason = "test") => Admin.Put($"/xiangyun/v1/hosts/{host}/power", new { power = new { state, reason } });

    private Task<Reply> Shows(string host, string state) => Wait.For($"{host} shows {state}", () => Admin.Get($"/xiangyun/v1/hosts/{host}"), r => (string)r.Is(200)["host"]["power_text"]! == state);

    private async Task<string> Explained(string host) =>
        (string)(await Admin.Post("/xiangyun/v1/placement/explain", new { resources = new { VCPU = 1, MEMORY_MB = 64 } })).Is(200)["hosts"].AsArray().Single(h => (string)h!["host_id"]! == host)!["reasons"]!.ToJsonString();

    [Fact, Proves("PUT /xiangyun/v1/hosts/{id}/power"), Proves("GET /xiangyun/v1/hosts/{id}/power")]
    public async Task a_host_is_switched_off_takes_no_servers_and_takes_them_again_after_it_was_woken()
    {
        var host = (await Hosts())[0];
        Assert.Equal("off", (string)(await Switch(host, "off", "idle at night")).Is(202)["power"]["wanted"]!);
        var off = await Shows(host, "off (by the cloud)");
        Assert.False((bool)off["host"]["alive"]!);
        Assert.Contains("switched off by the cloud: idle at night", await Explained(host));
        (await Switch(host, "off")).Is(202); // the same once more is no error
        (await Switch(host, "on", "morning")).Is(202);
        var booting = await Wait.For("it boots", () => Admin.Get($"/xiangyun/v1/hosts/{host}"), r => (string)r.Is(200)["host"]["power_text"]! is "booting" or "on");
        if ((string)booting["host"]["power_text"]! == "booting") Assert.False((bool)booting["host"]["alive"]!);
        await Shows(host, "on");
        Assert.Equal("[]", await Explained(host));
        var told = (await _cloud.Auditor.Get($"/xiangyun/v1/audit/records?object={host}")).Is(200).ToString();
        Assert.Contains("idle at night", told);
        Assert.Contains("host.power", told);
    }

    [Fact]
    public async Task a_host_with_a_server_stays_on()
    {
        var member = await _cloud.NewProject();
        var (flavor, image, network) = (await _cloud.NewFlavor(), await _cloud.NewImage(), await member.NewNetwork());
        var id = (string)(await member.Post("/compute/v2.1/servers", Errands.ServerBody("s", flavor, image, network))).Is(202)["server"]["id"]!;
        await member.Settled(id);
        var name = (string)(await Admin.Get($"/compute/v2.1/servers/{id}")).Is(200)["server"]["OS-EXT-SRV-ATTR:host"]!;
        var host = (string)(await Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().Single(h => name.StartsWith((string)h!["name"]!, StringComparison.Ordinal))!["id"]!;
        Assert.Contains("still holds", (await Switch(host, "off")).Is(409).ToString());
        Assert.Contains("still holds", (string)(await Admin.Get($"/xiangyun/v1/hosts/{host}/power")).Is(200)["power"]["refused_off"]!);
        (await member.Delete($"/compute/v2.1/servers/{id}")).Is(204);
        await Wait.Until("nothing is promised there", async () => (await Admin.Get($"/xiangyun/v1/hosts/{host}/power")).Is(200)["power"]["refused_off"] is null);
    }

    [Fact]
    public async Task the_reserve_and_the_last_host_are_kept()
    {
        var hosts = await Hosts();
        var member = await _cloud.NewProject();
        var (flavor, image, network) = (await _cloud.NewFlavor(), await _cloud.NewImage(), await member.NewNetwork());
        var id = (string)(await member.Post("/compute/v2.1/servers", Errands.ServerBody("s", flavor, image, network))).Is(202)["server"]["id"]!;
        await member.Settled(id);
        var empty = new List<string>();
        foreach (var host in hosts) if ((await Admin.Get($"/xiangyun/v1/hosts/{host}/power")).Is(200)["power"]["refused_off"] is null) empty.Add(host);
        Assert.Equal(3, empty.Count);
        (await Switch(empty[0], "off")).Is(202);
        (await Switch(empty[1], "off")).Is(202);
        Assert.Contains("N+1 reserve of the zone nova would break", (await Switch(empty[2], "off")).Is(409).ToString()); // the server's host and one more: one may fail
        (await member.Delete($"/compute/v2.1/servers/{id}")).Is(204);
        await Wait.Until("nothing is promised", async () => (await Admin.Get($"/xiangyun/v1/hosts/{empty[2]}/power")).Is(200)["power"]["refused_off"] is null);
        (await Switch(empty[2], "off")).Is(202);
        var last = hosts.Except(empty).Single();
        Assert.Contains("the last host that answers", (await Switch(last, "off")).Is(409).ToString());
    }

    [Theory]
    [InlineData("""{"power": {}}""")]
    [InlineData("""{"power": {"state": "sideways"}}""")]
    [InlineData("""{"power": {"state": "off", "force": true}}""")]
    public async Task a_wish_without_sense_is_refused(string body) => (await Admin.Put($"/xiangyun/v1/hosts/{(await Hosts())[0]}/power", System.Text.Json.Nodes.JsonNode.Parse(body)!)).Is(400);

    [Fact]
    public async Task only_operators_switch_hosts()
    {
        var host = (await Hosts())[0];
        var member = await _cloud.NewProject();
        (await member.Put($"/xiangyun/v1/hosts/{host}/power", new { power = new { state = "off" } })).Is(403);
        (await Admin.Put("/xiangyun/v1/hosts/0198c7a0-0000-7000-8000-000000000000/power", new { power = new { state = "off" } })).Is(404);
    }

    [Fact]
    public async Task a_server_killed_between_the_wish_and_the_act_switches_after_its_return()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 3, Boot = 1, OwnProcess = true });
        var hosts = (await cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().Select(h => (string)h!["id"]!).ToList();
        await cloud.KillAgent(); // nobody can act now
        (await cloud.Admin.Put($"/xiangyun/v1/hosts/{hosts[0]}/power", new { power = new { state = "off" } })).Is(202);
        await Wait.For("it was tried", () => cloud.Admin.Get($"/xiangyun/v1/hosts/{hosts[0]}"), r => r.Is(200)["host"]["power_fault"] is not null);
        await cloud.KillServer();
        cloud.StartAgent();
        await cloud.StartServer();
        await Wait.For("it is off", () => cloud.Admin.Get($"/xiangyun/v1/hosts/{hosts[0]}"), r => (string)r.Is(200)["host"]["power_text"]! == "off (by the cloud)", TimeSpan.FromSeconds(150)); // the killed server may have held the lease of two minutes
        await cloud.KillAgent(); // a new process finds that it plays a host that is off
        cloud.StartAgent();
        await Wait.For("the others are back", () => cloud.Admin.Get("/xiangyun/v1/hosts"), r => r.Is(200)["hosts"].AsArray().Count(h => (bool)h!["alive"]!) == 2);
        Assert.Equal("off (by the cloud)", (string)(await cloud.Admin.Get($"/xiangyun/v1/hosts/{hosts[0]}")).Is(200)["host"]["power_text"]!);
    }
}
