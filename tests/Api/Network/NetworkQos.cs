using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class NetworkQosOnSqlite() : NetworkQos("sqlite");
public sealed class NetworkQosOnPostgres() : NetworkQos("postgres");

public abstract class NetworkQos(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/qos/policies"), Proves("POST /network/v2.0/qos/policies/{policy_id}/bandwidth_limit_rules"), Proves("POST /network/v2.0/qos/policies/{policy_id}/dscp_marking_rules")]
    public async Task a_policy_with_rules_is_followed_by_networks_and_ports_and_cannot_go_meanwhile()
    {
        var (admin, who) = (Cloud.Admin, await Cloud.NewProject());
        var policy = await Policy(who.ProjectId);
        var rules = $"{Root}/qos/policies/{policy}/bandwidth_limit_rules";
        var rule = (string)(await admin.Post(rules, new { bandwidth_limit_rule = new { max_kbps = 1000, max_burst_kbps = 800 } })).Is(201)["bandwidth_limit_rule"]["id"]!;
        Assert.Equal("QoSRuleParameterConflict", (await admin.Post(rules, new { bandwidth_limit_rule = new { max_kbps = 5 } })).Is(409).Type());
        (await admin.Post(rules, new { bandwidth_limit_rule = new { max_kbps = 5, direction = "ingress" } })).Is(201);
        (await admin.Post($"{Root}/qos/policies/{policy}/dscp_marking_rules", new { dscp_marking_rule = new { dscp_mark = 26 } })).Is(201);
        (await admin.Put($"{Root}/qos/policies/{policy}/dscp_marking_rules/{rule}", new { dscp_marking_rule = new { dscp_mark = 27 } })).Is(404);
        Assert.Equal(2000, (int)(await admin.Put($"{Root}/qos/alias-bandwidth-limit-rules/{rule}", new { bandwidth_limit_rule = new { max_kbps = 2000 } })).Is(200)["bandwidth_limit_rule"]["max_kbps"]!);
        Assert.Equal(3, (await who.Get($"{Root}/qos/policies/{policy}")).Is(200)["policy"]["rules"]!.AsArray().Count);

        var network = await who.Network("10.37.0.0/24");
        (await who.Put($"{Root}/networks/{network}", new { network = new { qos_policy_id = policy } })).Is(200);
        var port = await who.Port(network);
        Assert.Equal(policy, (string?)port["qos_network_policy_id"]);
        Assert.Equal("QosPolicyInUse", (await admin.Delete($"{Root}/qos/policies/{policy}")).Is(409).Type());
        (await who.Put($"{Root}/networks/{network}", new { network = new { qos_policy_id = (string?)null } })).Is(200);
        (await admin.Delete($"{Root}/qos/policies/{policy}")).Is(204);
    }

    [Fact, Proves("GET /network/v2.0/qos/rule-types"), Proves("GET /network/v2.0/qos/rule-types/{type}")]
    public async Task who_is_limited_does_not_change_the_limit()
    {
        var (who, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var policy = await Policy(who.ProjectId);
        (await who.Post($"{Root}/qos/policies", new { policy = new { name = "mine" } })).Is(403);
        (await who.Post($"{Root}/qos/policies/{policy}/bandwidth_limit_rules", new { bandwidth_limit_rule = new { max_kbps = 1 } })).Is(403);
        (await other.Get($"{Root}/qos/policies/{policy}")).Is(404);
        Assert.Equal(["bandwidth_limit", "dscp_marking"], (await who.Get($"{Root}/qos/rule-types")).Is(200)["rule_types"].AsArray().Select(t => (string)t!["type"]!).Order());
        (await who.Get($"{Root}/qos/rule-types/minimum_bandwidth")).Is(404);
    }

    private async Task<string> Policy(string project) => (string)(await Cloud.Admin.Post($"{Root}/qos/policies", new { policy = new { name = Cloud.Name("qos"), project_id = project } })).Is(201)["policy"]["id"]!;
}
