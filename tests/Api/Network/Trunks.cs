using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class TrunksOnSqlite() : Trunks("sqlite");
public sealed class TrunksOnPostgres() : Trunks("postgres");

public abstract class Trunks(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/trunks"), Proves("PUT /network/v2.0/trunks/{id}/add_subports"), Proves("PUT /network/v2.0/trunks/{id}/remove_subports"), Proves("GET /network/v2.0/trunks/{id}/get_subports")]
    public async Task a_trunk_carries_ports_of_other_networks_each_under_its_vlan()
    {
        var who = await Cloud.NewProject();
        var (parent, first, second) = (await Port("10.40.0.0/24"), await Port("10.41.0.0/24"), await Port("10.42.0.0/24"));
        var trunk = (string)(await who.Post($"{Root}/trunks", new { trunk = new { name = "t", port_id = parent, sub_ports = new[] { Sub(first, 100) } } })).Is(201)["trunk"]["id"]!;
        Assert.Equal("DuplicateSubPort", (await who.Put($"{Root}/trunks/{trunk}/add_subports", new { sub_ports = new[] { Sub(second, 100) } })).Is(409).Type());
        Assert.Equal(2, (await who.Put($"{Root}/trunks/{trunk}/add_subports", new { sub_ports = new[] { Sub(second, 101) } })).Is(200)["sub_ports"].AsArray().Count);
        Assert.Equal("trunk:subport", (string?)(await who.Get($"{Root}/ports/{second}")).Is(200)["port"]["device_owner"]);
        Assert.Equal(trunk, (string?)(await who.Get($"{Root}/ports/{parent}")).Is(200)["port"]["trunk_details"]!["trunk_id"]);
        Assert.Equal("PortInUseAsTrunkParent", (await who.Delete($"{Root}/ports/{parent}")).Is(409).Type());
        Assert.Equal("PortInUseAsSubPort", (await who.Delete($"{Root}/ports/{first}")).Is(409).Type());
        Assert.Equal("PortInUseAsSubPort", (await who.Post($"{Root}/trunks", new { trunk = new { port_id = first } })).Is(409).Type());
        (await who.Put($"{Root}/trunks/{trunk}/remove_subports", new { sub_ports = new[] { new { port_id = first } } })).Is(200);
        Assert.Equal([second], (await who.Get($"{Root}/trunks/{trunk}/get_subports")).Is(200)["sub_ports"].AsArray().Select(s => (string)s!["port_id"]!));
        (await who.Delete($"{Root}/ports/{first}")).Is(204);
        (await (await Cloud.NewProject()).Get($"{Root}/trunks/{trunk}")).Is(404);
        (await who.Delete($"{Root}/trunks/{trunk}")).Is(204);
        (await who.Delete($"{Root}/ports/{second}")).Is(204);

        async Task<string> Port(string cidr) => (string)(await who.Port(await who.Network(cidr)))["id"]!;
    }

    private static object Sub(string port, int vlan) => new { port_id = port, segmentation_type = "vlan", segmentation_id = vlan };
}
