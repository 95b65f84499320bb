using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class ForwardingsOnSqlite() : Forwardings("sqlite");
public sealed class ForwardingsOnPostgres() : Forwardings("postgres");

public abstract class Forwardings(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/floatingips/{floatingip_id}/port_forwardings"), Proves("PUT /network/v2.0/floatingips/{floatingip_id}/port_forwardings/{id}"), Proves("DELETE /network/v2.0/floatingips/{floatingip_id}/port_forwardings/{id}")]
    public async Task two_servers_share_one_public_address_by_port()
    {
        var who = await Cloud.NewProject();
        var outside = await Cloud.Outside();
        var network = (string)(await who.Post($"{Root}/networks", new { network = new { name = "inner" } })).Is(201)["network"]["id"]!;
        var subnet = await who.Subnet(network, "10.43.0.0/24");
        var (one, two) = ((string)(await who.Port(network))["id"]!, (string)(await who.Port(network))["id"]!);
        var floating = (string)(await who.Post($"{Root}/floatingips", new { floatingip = new { floating_network_id = outside } })).Is(201)["floatingip"]["id"]!;
        var path = $"{Root}/floatingips/{floating}/port_forwardings";
        (await who.Post(path, To(one, 80, 8080))).Is(400); // no way from there to here yet
        var router = await who.Router(outside);
        (await who.Put($"{Root}/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(200);
        var first = (string)(await who.Post(path, To(one, 80, 8080))).Is(201)["port_forwarding"]["id"]!;
        Assert.Equal("FipPortForwardingEntryDuplicate", (await who.Post(path, To(two, 80, 80))).Is(409).Type());
        var second = (string)(await who.Post(path, To(two, 81, 80))).Is(201)["port_forwarding"]["id"]!;
        Assert.Equal(router, (string?)(await who.Get($"{Root}/floatingips/{floating}")).Is(200)["floatingip"]["router_id"]);
        (await who.Put($"{Root}/floatingips/{floating}", new { floatingip = new { port_id = one } })).Is(409);
        (await who.Put($"{Root}/routers/{router}/remove_router_interface", new { subnet_id = subnet })).Is(409);
        Assert.Equal(82, (int)(await who.Put($"{path}/{second}", new { port_forwarding = new { external_port = 82 } })).Is(200)["port_forwarding"]["external_port"]!);
        (await who.Delete($"{Root}/ports/{two}")).Is(204);
        Assert.Equal([first], (await who.Get(path)).Is(200)["port_forwardings"].AsArray().Select(f => (string)f!["id"]!));
        (await (await Cloud.NewProject()).Get(path)).Is(404);
        (await who.Delete($"{path}/{first}")).Is(204);
        Assert.Null((await who.Get($"{Root}/floatingips/{floating}")).Is(200)["floatingip"]["router_id"]);
    }

    private static object To(string port, int outer, int inner) => new { port_forwarding = new { protocol = "tcp", external_port = outer, internal_port = inner, internal_port_id = port } };
}
