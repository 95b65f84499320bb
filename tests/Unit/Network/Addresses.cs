using Xiangyun.Kernel;
using Xiangyun.Network.SubnetPools;
using Xiangyun.Network.Subnets;

namespace Xiangyun.Unit.Network;

public sealed class Addresses
{
    [Theory]
    [InlineData("10.0.0.7/24", "10.0.0.0/24")]
    [InlineData("10.0.0.7", "10.0.0.7/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0/24", null)]
    [InlineData("10.0.0.256/24", null)]
    [InlineData("010.0.0.1/24", null)]
    [InlineData("fd00:0:0::7/64", "fd00::/64")]
    [InlineData("fd00::7", "fd00::7/128")]
    [InlineData("fd00::/129", null)]
    [InlineData("fe80::1%eth0/64", null)]
    public void a_network_is_read_strictly_and_its_host_bits_are_cut(string text, string? canonical) => Assert.Equal(canonical, Cidr.Parse(text)?.ToString());

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.128/25", true)]
    [InlineData("10.0.0.128/25", "10.0.0.0/24", true)]
    [InlineData("10.0.0.0/25", "10.0.0.128/25", false)]
    public void networks_overlap_when_one_holds_the_other(string a, string b, bool overlap) => Assert.Equal(overlap, Cidr.Of(a).Overlaps(Cidr.Of(b)));

    [Theory]
    [InlineData("10.0.0.0/29", "10.0.0.1", "10.0.0.2-10.0.0.6")]
    [InlineData("10.0.0.0/29", "10.0.0.6", "10.0.0.1-10.0.0.5")]
    [InlineData("10.0.0.0/29", "10.0.0.3", "10.0.0.1-10.0.0.2 10.0.0.4-10.0.0.6")]
    [InlineData("10.0.0.0/29", null, "10.0.0.1-10.0.0.6")]
    public void pools_leave_out_the_gateway_and_nothing_else(string cidr, string? gateway, string pools) =>
        Assert.Equal(pools, string.Join(' ', PoolRules.Around(Cidr.Of(cidr), gateway).Select(p => $"{p.Start}-{p.End}")));

    [Fact]
    public void an_ipv6_guest_makes_its_address_of_prefix_and_mac() => Assert.Equal("fd00::f816:3eff:fe12:3456", Cidr.Of("fd00::/64").Eui64("fa:16:3e:12:34:56").ToString());

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.200")]
    [InlineData("fd00::/64", "fd00::1", "fd00::ffff:ffff:ffff:fffe")]
    public void keys_of_addresses_stand_in_their_order_and_lead_back(string network, string lower, string higher)
    {
        var cidr = Cidr.Of(network);
        Assert.True(cidr.Key(Ip.Of(lower)) < cidr.Key(Ip.Of(higher)));
        Assert.Equal(higher, cidr.At(cidr.Key(Ip.Of(higher))).ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/16", 24, "", "10.0.0.0/24")]
    [InlineData("10.0.0.0/16", 24, "10.0.0.0/24 10.0.1.0/25", "10.0.2.0/24")]
    [InlineData("10.0.0.0/24 10.1.0.0/24", 24, "10.0.0.0/26", "10.1.0.0/24")]
    [InlineData("10.0.0.0/24", 25, "10.0.0.0/25 10.0.0.128/25", null)]
    [InlineData("fd00::/48", 64, "fd00::/64", "fd00:0:0:1::/64")]
    public void a_pool_gives_the_first_network_that_no_other_overlaps(string prefixes, int length, string taken, string? next) =>
        Assert.Equal(next, PrefixRules.Next(Cidrs(prefixes), Cidrs(taken), length)?.ToString());

    private static List<Cidr> Cidrs(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Cidr.Of)];

    [Fact]
    public void a_gateway_inside_a_pool_is_refused() =>
        Assert.Equal("GatewayConflictWithAllocationPools", Assert.Throws<CloudError>(() => PoolRules.RefuseGatewayInside([new Pool("10.0.0.2", "10.0.0.9")], "10.0.0.5")).Type);
}
