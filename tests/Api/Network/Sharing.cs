using Xiangyun.Testing;
using static Xiangyun.Api.Network.Neutron;

namespace Xiangyun.Api.Network;

public sealed class SharingOnSqlite() : Sharing("sqlite");
public sealed class SharingOnPostgres() : Sharing("postgres");

/// <summary>The owner lets one other project use what it has, and nobody else.</summary>
public abstract class Sharing(string database) : CloudTests(database)
{
    [Fact, Proves("POST /network/v2.0/rbac-policies"), Proves("PUT /network/v2.0/rbac-policies/{id}"), Proves("DELETE /network/v2.0/rbac-policies/{id}")]
    public async Task a_network_is_shared_with_one_project_and_stays_shared_while_that_uses_it()
    {
        var (owner, friend, stranger) = (await Cloud.NewProject(), await Cloud.NewProject(), await Cloud.NewProject());
        var network = await owner.Network("10.34.0.0/24");
        (await friend.Get($"{Root}/networks/{network}")).Is(404);
        var policy = await Share(owner, "network", network, friend.ProjectId);
        Assert.True((bool)(await friend.Get($"{Root}/networks/{network}")).Is(200)["network"]["shared"]!);
        (await stranger.Get($"{Root}/networks/{network}")).Is(404);
        (await friend.Put($"{Root}/networks/{network}", new { network = new { name = "mine" } })).Is(403);
        var port = (string)(await friend.Port(network))["id"]!;
        Assert.Equal("RbacPolicyInUse", (await owner.Delete($"{Root}/rbac-policies/{policy}")).Is(409).Type());
        (await friend.Delete($"{Root}/ports/{port}")).Is(204);
        (await owner.Delete($"{Root}/rbac-policies/{policy}")).Is(204);
        (await friend.Get($"{Root}/networks/{network}")).Is(404);
    }

    [Fact]
    public async Task nobody_shares_what_is_not_his_or_with_everybody()
    {
        var (owner, thief) = (await Cloud.NewProject(), await Cloud.NewProject());
        var network = await owner.Network("10.35.0.0/24");
        (await thief.Post($"{Root}/rbac-policies", Body("network", network, thief.ProjectId))).Is(404);
        (await owner.Post($"{Root}/rbac-policies", Body("network", network, "*"))).Is(403);
        await Share(owner, "network", network, thief.ProjectId);
        Assert.Equal("DuplicateRbacPolicy", (await owner.Post($"{Root}/rbac-policies", Body("network", network, thief.ProjectId))).Is(409).Type());
    }

    [Fact]
    public async Task a_security_group_of_another_project_guards_a_port_when_it_is_shared()
    {
        var (owner, friend) = (await Cloud.NewProject(), await Cloud.NewProject());
        var group = (string)(await owner.Post($"{Root}/security-groups", new { security_group = new { name = "bastion" } })).Is(201)["security_group"]["id"]!;
        var network = await friend.Network("10.36.0.0/24");
        (await friend.Post($"{Root}/ports", new { port = new { network_id = network, security_groups = new[] { group } } })).Is(404);
        await Share(owner, "security_group", group, friend.ProjectId);
        (await friend.Post($"{Root}/ports", new { port = new { network_id = network, security_groups = new[] { group } } })).Is(201);
    }

    private static object Body(string type, string id, string target) => new { rbac_policy = new { object_type = type, object_id = id, action = "access_as_shared", target_tenant = target } };

    private static async Task<string> Share(Client owner, string type, string id, string with) => (string)(await owner.Post($"{Root}/rbac-policies", Body(type, id, with))).Is(201)["rbac_policy"]["id"]!;
}
