using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class RoutersOnSqlite() : Routers("sqlite");
public sealed class RoutersOnPostgres() : Routers("postgres");

public abstract class Routers(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/floatingips"), Proves("PUT /network/v2.0/routers/{id}/add_router_interface")]
    public async Task a_floating_ip_needs_a_router_between_and_then_holds_it()
    {
        var who = await Cloud.NewProject();
        var (outside, network) = (await Cloud.Outside(), await who.Network());
        var subnet = (string)(await who.Get($"{Root}/subnets?network_id={network}")).Is(200)["subnets"][0]!["id"]!;
        var port = (string)(await who.Port(network))["id"]!;
        object wish = new { floatingip = new { floating_network_id = outside, port_id = port } };
        Assert.Equal("ExternalGatewayForFloatingIPNotFound", (await who.Post($"{Root}/floatingips", wish)).Is(404).Type());

        var router = await who.Router(outside);
        (await who.Put($"{Root}/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(200);
        var floating = (string)(await who.Post($"{Root}/floatingips", wish)).Is(201)["floatingip"]["id"]!;
        await Wait.Until("the floating IP is ACTIVE", async () => (string)(await who.Get($"{Root}/floatingips/{floating}")).Is(200)["floatingip"]["status"]! == "ACTIVE");

        Assert.Equal("FloatingIPPortAlreadyAssociated", (await who.Post($"{Root}/floatingips", wish)).Is(409).Type());
        Assert.Equal("RouterInterfaceInUseByFloatingIP", (await who.Put($"{Root}/routers/{router}/remove_router_interface", new { subnet_id = subnet })).Is(409).Type());
        Assert.Equal("RouterExternalGatewayInUseByFloatingIp", (await who.Put($"{Root}/routers/{router}", new { router = new { external_gateway_info = new { } } })).Is(409).Type());
        Assert.Equal("RouterInUse", (await who.Delete($"{Root}/routers/{router}")).Is(409).Type());

        (await who.Delete($"{Root}/ports/{port}")).Is(204);
        var freed = (await who.Get($"{Root}/floatingips/{floating}")).Is(200)["floatingip"];
        Assert.Null(freed["port_id"]);
        Assert.Equal("DOWN", (string)freed["status"]!);
        (await who.Delete($"{Root}/floatingips/{floating}")).Is(204);
        (await who.Put($"{Root}/routers/{router}/remove_router_interface", new { subnet_id = subnet })).Is(200);
        (await who.Delete($"{Root}/routers/{router}")).Is(204);
        (await who.Delete($"{Root}/networks/{network}")).Is(204);
    }

    [Fact]
    public async Task overlapping_subnets_cannot_meet_at_one_router()
    {
        var who = await Cloud.NewProject();
        var router = await who.Router(await Cloud.Outside());
        foreach (var (cidr, status) in new[] { ("10.40.0.0/16", 200), ("10.40.1.0/24", 400) })
        {
            var network = await who.Network("10.99.0.0/24");
            var subnet = await who.Subnet(network, cidr);
            (await who.Put($"{Root}/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(status);
        }
    }

    [Fact]
    public async Task the_ports_of_a_router_cannot_be_deleted_behind_its_back()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network();
        var subnet = (string)(await who.Get($"{Root}/subnets?network_id={network}")).Is(200)["subnets"][0]!["id"]!;
        var router = await who.Router(await Cloud.Outside());
        var port = (string)(await who.Put($"{Root}/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(200)["port_id"]!;
        Assert.Equal("ServicePortInUse", (await who.Delete($"{Root}/ports/{port}")).Is(409).Type());
        Assert.Equal("SubnetInUse", (await who.Delete($"{Root}/subnets/{subnet}")).Is(409).Type());
    }
}
