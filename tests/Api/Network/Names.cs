using Xiangyun.Testing;

namespace Xiangyun.Api.Network;

public sealed class NamesOnSqlite() : Names("sqlite");
public sealed class NamesOnPostgres() : Names("postgres");

/// <summary>Names of ports inside their network.</summary>
public abstract class Names(string database) : CloudTests(database)
{
    [Fact]
    public async Task a_port_is_called_by_its_name_in_the_domain_of_its_network()
    {
        var who = await Cloud.NewProject();
        var network = await who.NewNetwork();
        Assert.Equal("bureau.example.", (string?)(await who.Put($"/network/v2.0/networks/{network}", new { network = new { dns_domain = "Bureau.Example." } })).Is(200)["network"]["dns_domain"]);
        var port = (await who.Post("/network/v2.0/ports", new { port = new { network_id = network, dns_name = "web" } })).Is(201)["port"];
        Assert.Equal(("web", "web.bureau.example."), ((string?)port["dns_name"], (string?)port["dns_assignment"]![0]!["fqdn"]));
        Assert.Equal((string?)port["fixed_ips"]![0]!["ip_address"], (string?)port["dns_assignment"]![0]!["ip_address"]);
        Assert.Single((await who.Get("/network/v2.0/ports?dns_name=web")).Is(200)["ports"].AsArray());
        foreach (var wrong in new[] { "-web", "we b", "网站", new string('x', 64), "a.b" }) (await who.Put($"/network/v2.0/ports/{port["id"]}", new { port = new { dns_name = wrong } })).Is(400);
        (await who.Put($"/network/v2.0/networks/{network}", new { network = new { dns_domain = "no-dot" } })).Is(400);
    }

    [Fact]
    public async Task a_server_is_found_by_its_hostname()
    {
        var who = await Cloud.NewProject();
        var body = Errands.ServerBody("Portal 1", await Cloud.NewFlavor(), await Cloud.NewImage(), await who.NewNetwork());
        var server = (string)(await who.Post("/compute/v2.1/servers", body)).Is(202)["server"]["id"]!;
        Assert.Equal("portal-1", (string?)(await who.Get($"/network/v2.0/ports?device_id={server}")).Is(200)["ports"][0]!["dns_name"]);
    }

    [Fact, Proves("GET /network/v2.0/segments")]
    public async Task each_network_has_one_segment_and_only_operators_see_it()
    {
        var who = await Cloud.NewProject();
        var network = await who.NewNetwork();
        Assert.Equal("geneve", (string?)(await Cloud.Admin.Get($"/network/v2.0/segments?network_id={network}")).Is(200)["segments"][0]!["network_type"]);
        (await Cloud.Admin.Get($"/network/v2.0/segments/{network}")).Is(200);
        (await who.Get("/network/v2.0/segments")).Is(403);
    }
}
