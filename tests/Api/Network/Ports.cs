using System.Text.Json.Nodes;
using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class PortsOnSqlite() : Ports("sqlite");
public sealed class PortsOnPostgres() : Ports("postgres");

public abstract class Ports(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/ports")]
    public async Task ports_made_at_the_same_time_never_get_the_same_address()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        var ports = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => who.Port(network)));
        var ips = ports.Select(p => (string)p["fixed_ips"]![0]!["ip_address"]!).ToList();
        Assert.Equal(40, ips.Distinct().Count());
        Assert.Equal(40, ports.Select(p => (string)p["mac_address"]!).Distinct().Count());
        Assert.DoesNotContain("10.20.0.1", ips);
    }

    [Fact]
    public async Task an_address_that_is_taken_outside_or_exhausted_is_refused()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network("10.20.0.0/29");
        await who.Port(network, "10.20.0.5");
        Task<Reply> Ask(string ip) => who.Post($"{Root}/ports", new { port = new { network_id = network, fixed_ips = new[] { new { ip_address = ip } } } });
        Assert.Equal("IpAddressAlreadyAllocated", (await Ask("10.20.0.5")).Is(409).Type());
        Assert.Equal("InvalidIpForNetwork", (await Ask("10.99.0.5")).Is(400).Type());
        Assert.Equal("InvalidIpForSubnet", (await Ask("10.20.0.7")).Is(400).Type());
        for (var i = 0; i < 3; i++) await who.Port(network);
        Assert.Equal("IpAddressGenerationFailure", (await who.Post($"{Root}/ports", new { port = new { network_id = network } })).Is(409).Type());
    }

    [Fact]
    public async Task a_bulk_create_is_all_or_nothing()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        object Good(string name) => new { network_id = network, name };
        (await who.Post($"{Root}/ports", new { ports = new[] { Good("a"), new { network_id = network, fixed_ips = new[] { new { ip_address = "10.77.0.1" } } } } })).Is(400);
        Assert.Empty((await who.Get($"{Root}/ports?name=a")).Is(200)["ports"].AsArray());
        Assert.Equal(2, (await who.Post($"{Root}/ports", new { ports = new[] { Good("a"), Good("b") } })).Is(201)["ports"].AsArray().Count);
    }

    [Fact, Proves("GET /network/v2.0/ports")]
    public async Task pages_show_every_port_once_with_the_fields_asked_for()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        for (var i = 0; i < 7; i++) await who.Port(network);
        var seen = new List<string>();
        for (var next = $"{Root}/ports?network_id={network}&limit=3&sort_key=mac_address&fields=id&device_owner="; next is not null;)
        {
            var page = (await who.Get(next)).Is(200);
            Assert.All(page["ports"].AsArray(), p => Assert.Equal(["id"], p!.AsObject().Select(m => m.Key)));
            seen.AddRange(page["ports"].AsArray().Select(p => (string)p!["id"]!));
            next = (string?)page["ports_links"].AsArray().FirstOrDefault(l => (string)l!["rel"]! == "next")?["href"];
        }
        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct().Count());
    }

    [Fact, Proves("PUT /network/v2.0/ports/{id}")]
    public async Task a_change_that_did_not_see_the_newest_revision_is_refused()
    {
        var who = await Cloud.NewProject();
        var port = await who.Port(await who.Network());
        var path = $"{Root}/ports/{(string)port["id"]!}";
        var stale = who.With("If-Match", $"revision_number={(long)port["revision_number"]!}");
        (await stale.Put(path, new { port = new { name = "one" } })).Is(200);
        Assert.Equal("RevisionNumberConstraintFailed", (await stale.Put(path, new { port = new { name = "two" } })).Is(412).Type());
        Assert.Equal("one", (string)(await who.Get(path)).Is(200)["port"]["name"]!);
    }

    [Fact, Proves("GET /network/v2.0/ports/{id}")]
    public async Task a_foreign_port_is_not_there_and_admin_attributes_are_hidden()
    {
        var (who, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var port = await who.Port(await who.Network());
        var path = $"{Root}/ports/{(string)port["id"]!}";
        Assert.Equal("PortNotFound", (await other.Get(path)).Is(404).Type());
        (await other.Delete(path)).Is(404);
        Assert.False(port.AsObject().ContainsKey("binding:host_id"));
        Assert.True((await Cloud.Admin.Get(path)).Is(200)["port"].AsObject().ContainsKey("binding:host_id"));
        (await who.Put(path, new JsonObject { ["port"] = new JsonObject { ["binding:host_id"] = "sim-001" } })).Is(403);
        (await (await Cloud.NewUser(who, "reader")).Put(path, new { port = new { name = "x" } })).Is(403);
    }

    [Theory]
    [InlineData("""{"port":{"network_id":"ID","nonsense":1}}""")]
    [InlineData("""{"port":{"network_id":"ID","mac_address":"01:00:00:00:00:01"}}""")]
    [InlineData("""{"port":{"network_id":"ID","fixed_ips":"10.0.0.1"}}""")]
    [InlineData("""{"port":{"network_id":"ID","admin_state_up":"perhaps"}}""")]
    [InlineData("""{"port":{"network_id":"ID","allowed_address_pairs":[{"ip_address":"nowhere"}]}}""")]
    [InlineData("""{"port":[]}""")]
    public async Task a_wrong_body_is_400(string body)
    {
        var who = await Cloud.NewProject();
        (await who.Post($"{Root}/ports", body.Replace("ID", await who.Network(), StringComparison.Ordinal))).Is(400);
    }
}
