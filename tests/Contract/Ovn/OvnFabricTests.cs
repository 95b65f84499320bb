using Xiangyun.Engines.Ovn;
using Xiangyun.Kernel;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Fabric.Ovn;

namespace Xiangyun.Contract.Ovn;

/// <summary>The contract on real databases, and what only OVN itself can say: that its translator understands our rows.</summary>
public sealed class OvnFabricTests : NetworkFabricContract, IClassFixture<OvnCentral>, IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly OvnCentral _ovn;
    private readonly Northbound _northbound;
    private readonly OvnFabric _fabric;
    private readonly Plan _plan = new();

    public OvnFabricTests(OvnCentral ovn)
    {
        Needs.Ovn();
        _ovn = ovn;
        _northbound = new Northbound(ovn.Endpoint);
        _fabric = new OvnFabric(_northbound);
    }

    internal override INetworkFabric Fabric => _fabric;

    private async Task EnsureAll(params FabricPlan[] plans)
    {
        foreach (var plan in plans) await Fabric.Ensure(plan, Never);
    }

    [Fact]
    public async Task dhcp_tells_the_way_to_metadata_and_out()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest);
        await _ovn.Flows("offerip = 10.7.0.5", "classless_static_route = {169.254.169.254/32,10.7.0.2, 10.99.0.0/16,10.7.0.9, 0.0.0.0/0,10.7.0.1}", "dns_server = {9.9.9.9}", "mtu = 1400");
    }

    [Fact]
    public async Task a_rule_becomes_a_flow_and_a_removed_rule_leaves_none()
    {
        var web = Plan.Tcp(8123, "192.0.2.0/24");
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(web, Plan.Tcp(22)), _plan.Guest);
        await _ovn.Flows("ip4.src == 192.0.2.0/24 && tcp && tcp.dst == 8123");
        await EnsureAll(_plan.Rules());
        Assert.DoesNotContain(await _ovn.Rows("ACL", "match"), a => ((string)a!["match"]!).Contains("8123", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_remote_group_stands_for_the_addresses_of_its_ports()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(Plan.Tcp(5432, group: _plan.Group)), _plan.Guest);
        var set = Names.Group(_plan.Group) + "_ip4";
        await _ovn.Flows($"ip4.src == ${set} && tcp && tcp.dst == 5432");
        Assert.Contains("10.7.0.5", await _ovn.Southbound("--bare", "--columns=addresses", "find", "Address_Set", $"name={set}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task every_kind_of_rule_is_understood()
    {
        GroupRulePlan Rule(bool ingress, bool six, int? protocol, int? min = null, int? max = null, string? prefix = null) => new(Id.New(), ingress, six, protocol, min, max, prefix, null);
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Guest with { Groups = [], Secured = false });
        await EnsureAll(_plan.Rules(Rule(true, false, null), Rule(false, true, null, prefix: "2001:db8::/32"), Rule(true, false, 1, 8, 0), Rule(true, true, 58, 128), Rule(true, false, 17, 1000, 2000),
            Rule(false, false, 132, 5, 6), Rule(true, false, 47), Rule(true, true, 6, 443, 443, "::/0")), _plan.Guest);
        await _ovn.Flows("icmp4.type == 8 && icmp4.code == 0", "icmp6.type == 128", "udp.dst >= 1000 && udp.dst <= 2000", "ip.proto == 47", "ip6.dst == 2001:db8::/32");
    }

    [Fact]
    public async Task a_router_translates_and_a_floating_address_leads_in()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.OutsideSwitch, _plan.Rules(), _plan.Guest, _plan.Way(floating: true), _plan.RouterPort(outer: false), _plan.RouterPort(outer: true));
        await _ovn.Flows("ct_snat(203.0.113.10)", "ip4.dst == 203.0.113.21", "10.7.0.5");
        await EnsureAll(_plan.Way(floating: false));
        Assert.DoesNotContain(await _ovn.Rows("NAT", "external_ids"), n => OvsdbValue.At(n!["external_ids"], "xiangyun:id") == _plan.Floating);
        await EnsureAll(_plan.Way(floating: false) with { Ports = [_plan.Way(false).Ports[0]], Snat = [], Routes = [] });
        Assert.DoesNotContain(await _ovn.Rows("Gateway_Chassis", "name"), c => ((string)c!["name"]!).Contains(_plan.Outer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task limits_and_marks_of_a_port_become_flows_and_go_again()
    {
        var limited = _plan.Guest with { Qos = [new QosPlan(Id.New(), true, 1000, 800, null), new QosPlan(Id.New(), false, 2000, null, null), new QosPlan(Id.New(), true, null, null, 26)] };
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), limited);
        await _ovn.Flows("set_meter(1000, 800)", "set_meter(2000)", "ip.dscp = 26");
        await EnsureAll(_plan.Guest);
        Assert.DoesNotContain(await _ovn.Rows("QoS", "match"), q => ((string)q!["match"]!).Contains(_plan.Port, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_a_floating_address_may_carry_is_metered_both_ways_on_the_outer_switch_and_nowhere_else()
    {
        QosPlan[] limits = [new(Id.New(), true, 20_000, 16_000, null), new(Id.New(), false, 30_000, null, null)];
        var limited = _plan.Way(floating: true) with { Limits = [new LimitPlan(_plan.Floating, "203.0.113.21", _plan.Outer, _plan.Outside, limits)] };
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.OutsideSwitch, _plan.Rules(), _plan.Guest, limited, _plan.RouterPort(outer: false), _plan.RouterPort(outer: true));
        Assert.False(await _fabric.Write(limited, Never));
        await _ovn.Flows("set_meter(20000, 16000)", "set_meter(30000)", $"inport == \"{_plan.Outer}\" && ip4.src == 203.0.113.21", $"outport == \"{_plan.Outer}\" && ip4.dst == 203.0.113.21");

        const string Metered = "priority 2002";
        string Packet(string inport, string from, string to, string source, string target) => $"inport == \"{inport}\" && eth.src == {from} && eth.dst == {to} && ip4.src == {source} && ip4.dst == {target} && ip.ttl == 64 && icmp";
        async Task<string> Stage(string name, string packet) =>
            (await _ovn.Trace(Names.Switch(_plan.Outside), packet)).Split('\n').FirstOrDefault(l => l.Contains($"ls_{name}_qos_meter", StringComparison.Ordinal) && l.Contains(Metered, StringComparison.Ordinal)) ?? "";
        Assert.Contains("ip4.src == 203.0.113.21", await Stage("in", Packet(_plan.Outer, "fa:16:3e:00:01:03", "02:00:00:00:00:01", "203.0.113.21", "198.51.100.9")), StringComparison.Ordinal);
        Assert.Contains("ip4.dst == 203.0.113.21", await Stage("out", Packet("localnet-" + _plan.Outside, "02:00:00:00:00:01", "fa:16:3e:00:01:02", "198.51.100.9", "203.0.113.21")), StringComparison.Ordinal);
        Assert.Empty(await Stage("in", Packet(_plan.Outer, "fa:16:3e:00:01:02", "02:00:00:00:00:01", "203.0.113.10", "198.51.100.9")));

        await EnsureAll(_plan.Way(floating: true));
        Assert.DoesNotContain(await _ovn.Rows("QoS", "match"), q => ((string)q!["match"]!).Contains(_plan.Outer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_named_port_is_answered_for_by_its_switch_until_it_has_no_name()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest with { Names = ["web", "web.bureau.example"] });
        var record = Assert.Single(await _ovn.Rows("DNS", "records"), d => d!["records"]!.ToJsonString().Contains("web.bureau.example", StringComparison.Ordinal));
        Assert.Contains(_plan.Guest.Ips[0], record!["records"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(await _ovn.Rows("Logical_Switch", "dns_records"), s => s!["dns_records"]!.ToJsonString().Contains("uuid", StringComparison.Ordinal));
        await EnsureAll(_plan.Guest);
        Assert.Empty(await _ovn.Rows("DNS", "records"));
    }

    [Fact]
    public async Task a_port_of_a_trunk_goes_through_its_parent_under_a_vlan()
    {
        var below = new Plan();
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest, below.Switch, below.Rules(), below.Guest with { Carrier = (_plan.Port, 100) });
        var row = (await _ovn.Rows("Logical_Switch_Port", "name", "parent_name", "tag")).Single(r => (string)r!["name"]! == below.Port)!;
        Assert.Equal((_plan.Port, 100), ((string)row["parent_name"]!, (int)row["tag"]!));
    }

    [Fact]
    public async Task one_port_of_an_outer_address_leads_in_and_is_gone_when_it_is_taken_back()
    {
        var forward = new ForwardPlan(Id.New(), "tcp", "203.0.113.30", 80, "10.7.0.5", 8080);
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.OutsideSwitch, _plan.Rules(), _plan.Guest, _plan.Way(floating: false) with { Forwards = [forward] }, _plan.RouterPort(outer: false), _plan.RouterPort(outer: true));
        await _ovn.Flows("203.0.113.30", "backends=10.7.0.5:8080");
        await EnsureAll(_plan.Way(floating: false));
        Assert.DoesNotContain(await _ovn.Rows("Load_Balancer", "name"), b => ((string)b!["name"]!).Contains(forward.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_port_moves_between_groups_and_hosts_without_being_made_anew()
    {
        var other = Id.New();
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), new GroupPlan(other, []), _plan.Guest with { Chassis = "chassis-a" });
        var before = await Row(_plan.Port);
        await EnsureAll(_plan.Guest with { Groups = [other], Chassis = "chassis-b" });
        var after = await Row(_plan.Port);
        Assert.Equal((string)before["_uuid"]![1]!, (string)after["_uuid"]![1]!);
        Assert.Equal("chassis-b", OvsdbValue.At(after["options"], "requested-chassis"));
        Assert.Equal([_plan.Port], await Members(other));
        Assert.Empty(await Members(_plan.Group));
    }

    [Fact]
    public async Task a_port_whose_guest_moves_while_it_runs_is_carried_by_both_hosts_on_the_way()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest with { Chassis = "chassis-a", NextChassis = "chassis-b" });
        var row = await Row(_plan.Port);
        Assert.Equal(("chassis-a,chassis-b", "rarp"), (OvsdbValue.At(row["options"], "requested-chassis"), OvsdbValue.At(row["options"], "activation-strategy")));
        await EnsureAll(_plan.Guest with { Chassis = "chassis-b" });
        row = await Row(_plan.Port);
        Assert.Equal(("chassis-b", null), (OvsdbValue.At(row["options"], "requested-chassis"), OvsdbValue.At(row["options"], "activation-strategy")));
    }

    [Fact]
    public async Task nothing_is_written_when_nothing_differs()
    {
        FabricPlan[] plans = [Plan.Drop, _plan.Switch, _plan.OutsideSwitch, _plan.Rules(Plan.Tcp(22)), _plan.Guest, _plan.Way(floating: true), _plan.RouterPort(outer: true)];
        await EnsureAll(plans);
        foreach (var plan in plans) Assert.False(await _fabric.Write(plan, Never), $"{plan.Of} was written again");
    }

    [Fact]
    public async Task what_somebody_changed_by_hand_is_put_right()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest);
        await using (var db = new Ovsdb(_ovn.Endpoint, "OVN_Northbound"))
            await db.Transact([OvsdbOperation.Update("Logical_Switch_Port", [new System.Text.Json.Nodes.JsonArray("name", "==", _plan.Port)], new() { ["addresses"] = "unknown" })], Never);
        await EnsureAll(_plan.Guest);
        Assert.Equal($"{_plan.Mac} 10.7.0.5", (string)(await Row(_plan.Port))["addresses"]!);
    }

    [Fact]
    public async Task a_port_is_up_once_a_host_has_bound_it()
    {
        await EnsureAll(Plan.Drop, _plan.Switch, _plan.Rules(), _plan.Guest);
        await _ovn.Southbound("--may-exist", "chassis-add", "chassis-a", "geneve", "127.0.0.1");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var bound = false;
        await foreach (var batch in Fabric.Watch(limit.Token))
        {
            if (batch.Contains(new PortUp(_plan.Port, true))) return;
            if (bound) continue;
            await _ovn.Flows("offerip = 10.7.0.5");
            await _ovn.Southbound("lsp-bind", _plan.Port, "chassis-a");
            bound = true;
        }
        Assert.Fail("the port never came up");
    }

    private async Task<System.Text.Json.Nodes.JsonObject> Row(string port) =>
        (await _ovn.Rows("Logical_Switch_Port", "_uuid", "name", "addresses", "options")).Single(r => (string)r!["name"]! == port)!.AsObject();

    private async Task<List<string>> Members(string group)
    {
        var name = Names.Group(group);
        var ports = OvsdbValue.Uuids((await _ovn.Rows("Port_Group", "name", "ports")).Single(g => (string)g!["name"]! == name)!["ports"]).ToHashSet();
        return [.. (await _ovn.Rows("Logical_Switch_Port", "_uuid", "name")).Where(r => ports.Contains((string)r!["_uuid"]![1]!)).Select(r => (string)r!["name"]!)];
    }

    public ValueTask DisposeAsync() => _northbound.DisposeAsync();
}
