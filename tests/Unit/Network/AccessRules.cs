using Xiangyun.Network.Fabric;
using Xiangyun.Network.Fabric.Ovn;
using Xiangyun.Network.SecurityGroups;

namespace Xiangyun.Unit.Network;

public sealed class AccessRules
{
    private static string Match(GroupRulePlan rule) => GroupRows.Match("g", rule);

    [Fact]
    public void a_rule_for_everything_matches_only_its_port_and_family() =>
        Assert.Equal("inport == @g && ip6", Match(new GroupRulePlan("r", false, true, null, null, null, "::/0", null)));

    [Fact]
    public void incoming_rules_look_at_the_source_and_outgoing_ones_at_the_destination()
    {
        Assert.Equal("outport == @g && ip4 && ip4.src == 10.0.0.0/8 && tcp && tcp.dst == 22", Match(new GroupRulePlan("r", true, false, 6, 22, 22, "10.0.0.0/8", null)));
        Assert.Equal("inport == @g && ip4 && ip4.dst == 10.0.0.0/8 && udp && udp.dst >= 1 && udp.dst <= 9", Match(new GroupRulePlan("r", false, false, 17, 1, 9, "10.0.0.0/8", null)));
    }

    [Fact]
    public void a_remote_group_is_its_address_set_and_icmp_has_type_and_code() =>
        Assert.Equal("outport == @g && ip4 && ip4.src == $xy_a_b_ip4 && icmp4 && icmp4.type == 8 && icmp4.code == 0", Match(new GroupRulePlan("r", true, false, 1, 8, 0, null, "a-b")));

    [Theory]
    [InlineData("tcp", "IPv4", 6)]
    [InlineData("6", "IPv4", 6)]
    [InlineData("icmp", "IPv6", 58)]
    [InlineData("any", "IPv4", null)]
    [InlineData("0", "IPv4", null)]
    public void protocols_have_one_number_however_they_are_written(string text, string ethertype, int? number) => Assert.Equal(number, RuleRules.Number(text, ethertype));
}
