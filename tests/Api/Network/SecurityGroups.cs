using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class SecurityGroupsOnSqlite() : SecurityGroups("sqlite");
public sealed class SecurityGroupsOnPostgres() : SecurityGroups("postgres");

public abstract class SecurityGroups(string database) : CloudTests(database)
{
    [Fact, Proves("GET /network/v2.0/security-groups")]
    public async Task the_first_look_makes_the_default_group_once_even_when_many_look()
    {
        var who = await Cloud.NewProject();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => who.Get($"{Root}/security-groups")));
        var group = Assert.Single((await who.Get($"{Root}/security-groups?project_id={who.ProjectId}")).Is(200)["security_groups"].AsArray())!;
        Assert.Equal("default", (string)group["name"]!);
        Assert.Equal(4, group["security_group_rules"]!.AsArray().Count);
        Assert.Equal("SecurityGroupCannotRemoveDefault", (await who.Delete($"{Root}/security-groups/{(string)group["id"]!}")).Is(409).Type());
        Assert.Equal("SecurityGroupDefaultAlreadyExists", (await who.Post($"{Root}/security-groups", new { security_group = new { name = "default" } })).Is(409).Type());
    }

    [Fact, Proves("POST /network/v2.0/security-group-rules")]
    public async Task the_same_rule_written_differently_is_a_duplicate()
    {
        var who = await Cloud.NewProject();
        var group = (string)(await who.Post($"{Root}/security-groups", new { security_group = new { name = "web" } })).Is(201)["security_group"]["id"]!;
        Task<Reply> Rule(string protocol, string prefix) => who.Post($"{Root}/security-group-rules",
            new { security_group_rule = new { security_group_id = group, direction = "ingress", protocol, port_range_min = 80, port_range_max = 80, remote_ip_prefix = prefix } });
        var made = (await Rule("tcp", "192.0.2.7/24")).Is(201)["security_group_rule"];
        Assert.Equal("192.0.2.0/24", (string)made["remote_ip_prefix"]!);
        Assert.Equal("SecurityGroupRuleExists", (await Rule("6", "192.0.2.0/24")).Is(409).Type());
        (await who.Delete($"{Root}/security-group-rules/{(string)made["id"]!}")).Is(204);
        (await Rule("6", "192.0.2.0/24")).Is(201);
    }

    [Fact, Proves("DELETE /network/v2.0/security-groups/{id}")]
    public async Task a_group_in_use_stays_and_with_it_go_the_rules_that_name_it()
    {
        var who = await Cloud.NewProject();
        async Task<string> Group(string name) => (string)(await who.Post($"{Root}/security-groups", new { security_group = new { name } })).Is(201)["security_group"]["id"]!;
        var (used, other) = (await Group("used"), await Group("other"));
        (await who.Post($"{Root}/security-group-rules", new { security_group_rule = new { security_group_id = other, direction = "ingress", remote_group_id = used } })).Is(201);
        var port = (string)(await who.Post($"{Root}/ports", new { port = new { network_id = await who.Network(), security_groups = new[] { used } } })).Is(201)["port"]["id"]!;
        Assert.Equal("SecurityGroupInUse", (await who.Delete($"{Root}/security-groups/{used}")).Is(409).Type());
        (await who.Delete($"{Root}/ports/{port}")).Is(204);
        (await who.Delete($"{Root}/security-groups/{used}")).Is(204);
        Assert.DoesNotContain((await who.Get($"{Root}/security-group-rules?security_group_id={other}")).Is(200)["security_group_rules"].AsArray(), r => (string?)r!["remote_group_id"] == used);
    }
}
