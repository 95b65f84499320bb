using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Network;

/// <summary>The few calls that every networking test begins with.</summary>
internal static class Neutron
{
    public const string Root = "/network/v2.0";

    public static async Task<string> Network(this Client who, string cidr = "10.20.0.0/24")
    {
        var id = (string)(await who.Post($"{Root}/networks", new { network = new { name = Cloud.Name("net") } })).Is(201)["network"]["id"]!;
        await who.Subnet(id, cidr);
        return id;
    }

    public static async Task<string> Subnet(this Client who, string network, string cidr) =>
        (string)(await who.Post($"{Root}/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr } })).Is(201)["subnet"]["id"]!;

    public static async Task<JsonNode> Port(this Client who, string network, params string[] ips) =>
        (await who.Post($"{Root}/ports", ips.Length == 0 ? new { port = (object)new { network_id = network } }
            : new { port = (object)new { network_id = network, fixed_ips = ips.Select(ip => new { ip_address = ip }) } })).Is(201)["port"];

    /// <summary>A tunnelled external network: the physical one is there only once.</summary>
    public static async Task<string> Outside(this Cloud cloud)
    {
        var body = new JsonObject { ["network"] = new JsonObject { ["name"] = Cloud.Name("outside"), ["router:external"] = true } };
        var id = (string)(await cloud.Admin.Post($"{Root}/networks", body)).Is(201)["network"]["id"]!;
        (await cloud.Admin.Post($"{Root}/subnets", new { subnet = new { network_id = id, ip_version = 4, cidr = "203.0.113.0/24", enable_dhcp = false } })).Is(201);
        return id;
    }

    public static async Task<string> Router(this Client who, string outside) =>
        (string)(await who.Post($"{Root}/routers", new { router = new { external_gateway_info = new { network_id = outside } } })).Is(201)["router"]["id"]!;

    public static string Type(this Reply reply) => (string)reply["NeutronError"]["type"]!;
}
