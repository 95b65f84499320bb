using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class SubnetPoolsOnSqlite() : SubnetPools("sqlite");
public sealed class SubnetPoolsOnPostgres() : SubnetPools("postgres");

/// <summary>IPv6, and subnets that get their addresses from a pool.</summary>
public abstract class SubnetPools(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/subnetpools")]
    public async Task a_pool_gives_each_subnet_addresses_of_its_own_and_stays_while_one_has_them()
    {
        var who = await Cloud.NewProject();
        var pool = await Pool(who, new { name = "p", prefixes = new[] { "10.60.0.0/23" }, default_prefixlen = 24 });
        var (one, two) = (await Taken(who, pool), await Taken(who, pool));
        Assert.Equal(["10.60.0.0/24", "10.60.1.0/24"], new[] { one, two }.Order());
        var third = await who.Post($"{Root}/subnets", new { subnet = new { network_id = await Bare(who), subnetpool_id = pool } });
        Assert.Equal("SubnetAllocationError", third.Is(409).Type());
        Assert.Equal("SubnetPoolDeleteError", (await who.Delete($"{Root}/subnetpools/{pool}")).Is(409).Type());
    }

    [Fact, Proves("POST /network/v2.0/address-scopes")]
    public async Task pools_of_one_scope_do_not_overlap()
    {
        var who = await Cloud.NewProject();
        var scope = (string)(await who.Post($"{Root}/address-scopes", new { address_scope = new { name = "s", ip_version = 4 } })).Is(201)["address_scope"]["id"]!;
        await Pool(who, new { name = "a", prefixes = new[] { "10.61.0.0/16" }, address_scope_id = scope });
        var other = await who.Post($"{Root}/subnetpools", new { subnetpool = new { name = "b", prefixes = new[] { "10.61.128.0/17" }, address_scope_id = scope } });
        Assert.Equal("AddressScopePrefixConflict", other.Is(409).Type());
        (await who.Delete($"{Root}/address-scopes/{scope}")).Is(409);
        (await (await Cloud.NewProject()).Get($"{Root}/address-scopes/{scope}")).Is(404);
    }

    [Fact]
    public async Task a_port_of_a_network_with_both_versions_has_one_address_of_each()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network("10.62.0.0/24");
        await Six(who, network, new { network_id = network, ip_version = 6, cidr = "fd00:62::/64", ipv6_ra_mode = "slaac", ipv6_address_mode = "slaac" });
        var port = await who.Port(network);
        var mac = ((string)port["mac_address"]!).Split(':');
        var ips = port["fixed_ips"]!.AsArray().Select(f => (string)f!["ip_address"]!).ToList();
        Assert.Equal(2, ips.Count);
        Assert.EndsWith(mac[4].TrimStart('0') + mac[5], ips.Single(i => i.StartsWith("fd00:62::", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_subnet_whose_addresses_guests_make_themselves_reaches_ports_that_are_there_and_goes_with_them()
    {
        var who = await Cloud.NewProject();
        var network = await who.Network("10.63.0.0/24");
        var port = (string)(await who.Port(network))["id"]!;
        var six = await Six(who, network, new { network_id = network, ip_version = 6, cidr = "fd00:63::/64", ipv6_ra_mode = "slaac", ipv6_address_mode = "slaac" });
        Assert.Equal(2, (await who.Get($"{Root}/ports/{port}")).Is(200)["port"]["fixed_ips"]!.AsArray().Count);
        (await who.Delete($"{Root}/subnets/{six}")).Is(204);
        Assert.Single((await who.Get($"{Root}/ports/{port}")).Is(200)["port"]["fixed_ips"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"ip_version":6,"cidr":"10.64.0.0/24"}""")]
    [InlineData("""{"ip_version":6,"cidr":"fd00:64::/65","ipv6_address_mode":"slaac"}""")]
    [InlineData("""{"ip_version":6,"cidr":"fd00:64::/64","ipv6_ra_mode":"slaac","ipv6_address_mode":"dhcpv6-stateful"}""")]
    [InlineData("""{"ip_version":6,"cidr":"fd00:64::/64","ipv6_ra_mode":"slaac","enable_dhcp":false}""")]
    [InlineData("""{"ip_version":4,"cidr":"10.64.0.0/24","ipv6_ra_mode":"slaac"}""")]
    [InlineData("""{"ip_version":6,"cidr":"fe80::/64"}""")]
    [InlineData("""{"ip_version":6,"cidr":"fd00:64::/64","dns_nameservers":["9.9.9.9"]}""")]
    public async Task an_ipv6_subnet_that_cannot_be_is_refused(string wish)
    {
        var who = await Cloud.NewProject();
        (await who.Post($"{Root}/subnets", $$"""{"subnet":{"network_id":"{{await Bare(who)}}",{{wish[1..]}}}""")).Is(400);
    }

    private static async Task<string> Bare(Client who) => (string)(await who.Post($"{Root}/networks", new { network = new { name = Cloud.Name("net") } })).Is(201)["network"]["id"]!;

    private static async Task<string> Pool(Client who, object subnetpool) => (string)(await who.Post($"{Root}/subnetpools", new { subnetpool })).Is(201)["subnetpool"]["id"]!;

    private static async Task<string> Taken(Client who, string pool) =>
        (string)(await who.Post($"{Root}/subnets", new { subnet = new { network_id = await Bare(who), subnetpool_id = pool } })).Is(201)["subnet"]["cidr"]!;

    private static async Task<string> Six(Client who, string network, object subnet) => (string)(await who.Post($"{Root}/subnets", new { subnet })).Is(201)["subnet"]["id"]!;
}
