using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class ManagersOnSqlite() : Managers("sqlite");
public sealed class ManagersOnPostgres() : Managers("postgres");

/// <summary>What the manager of a bureau may do in its own domain, and every way to more that must stay shut.</summary>
public abstract class Managers(string database) : CloudTests(database)
{
    [Fact, Proves("POST /identity/v3/projects"), Proves("POST /identity/v3/users"), Proves("PUT /identity/v3/projects/{target_id}/users/{actor_id}/roles/{role_id}")]
    public async Task a_manager_runs_its_own_domain()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = "site", domain_id = domain });
        var user = await manager.Make("user", new { name = "worker", domain_id = domain, password = "a-password-of-tests" });
        (await manager.Put($"/identity/v3/projects/{project}/users/{user}/roles/{await Cloud.Role("member")}")).Is(204);
        (await Cloud.SignIn(user, "a-password-of-tests", new { project = new { id = project } })).Is(201);
        Assert.Equal(["site"], (await manager.Get("/identity/v3/projects")).Is(200).Names("projects"));
        (await manager.Delete($"/identity/v3/users/{user}")).Is(204);
    }

    [Fact]
    public async Task a_manager_grants_nothing_that_it_does_not_hold_and_nothing_elsewhere()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var (other, _) = await Cloud.NewDomain();
        var user = await manager.Make("user", new { name = "worker", domain_id = domain });
        var stranger = await Cloud.Admin.Make("user", new { name = "stranger", domain_id = other });
        var (admin, member) = (await Cloud.Role("admin"), await Cloud.Role("member"));
        (await manager.Put($"/identity/v3/domains/{domain}/users/{user}/roles/{admin}")).Is(403);
        (await manager.Put($"/identity/v3/OS-INHERIT/domains/{domain}/users/{user}/roles/{admin}/inherited_to_projects")).Is(403);
        (await manager.Put($"/identity/v3/system/users/{user}/roles/{member}")).Is(403);
        (await manager.Put($"/identity/v3/domains/{other}/users/{user}/roles/{member}")).Is(403);
        (await manager.Put($"/identity/v3/domains/{domain}/users/{stranger}/roles/{member}")).Is(403);
        (await manager.Put($"/identity/v3/domains/{domain}/users/{user}/roles/{member}")).Is(204);
    }

    [Fact]
    public async Task a_manager_cannot_become_an_administrator_by_setting_ones_password_or_joining_its_group()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var chief = await Cloud.Admin.Make("user", new { name = "chief", domain_id = domain, password = "a-password-of-tests" });
        await Cloud.Grant($"system/users/{chief}", "admin");
        (await manager.Patch($"/identity/v3/users/{chief}", new { user = new { password = "mine-now-all-mine" } })).Is(403);
        (await manager.Delete($"/identity/v3/users/{chief}")).Is(403);
        var group = await Cloud.Admin.Make("group", new { name = "operators", domain_id = domain });
        await Cloud.Grant($"domains/{domain}/groups/{group}", "admin");
        (await manager.Put($"/identity/v3/groups/{group}/users/{manager.UserId}")).Is(403);
    }

    [Fact]
    public async Task a_domains_own_role_called_admin_makes_no_administrator()
    {
        var (domain, _) = await Cloud.NewDomain();
        var role = await Cloud.Admin.Make("role", new { name = "admin", domain_id = domain });
        var project = await Cloud.Admin.Make("project", new { name = "site", domain_id = domain });
        var user = await Cloud.Admin.Make("user", new { name = "worker", domain_id = domain, password = "a-password-of-tests" });
        (await Cloud.Admin.Put($"/identity/v3/projects/{project}/users/{user}/roles/{role}")).Is(204);
        (await Cloud.SignIn(user, "a-password-of-tests", new { project = new { id = project } })).Is(401);
        (await Cloud.Admin.Put($"/identity/v3/roles/{role}/implies/{await Cloud.Role("reader")}")).Is(201);
        var token = (await Cloud.SignIn(user, "a-password-of-tests", new { project = new { id = project } })).Is(201)["token"];
        Assert.Equal(["reader"], token["roles"]!.AsArray().Select(r => (string)r!["name"]!));
    }

    [Fact]
    public async Task what_lies_in_another_domain_is_not_there_for_a_manager()
    {
        var (_, manager) = await Cloud.NewDomain();
        var (other, _) = await Cloud.NewDomain();
        var project = await Cloud.Admin.Make("project", new { name = "secret", domain_id = other });
        (await manager.Get($"/identity/v3/projects/{project}")).Is(404);
        (await manager.Get($"/identity/v3/domains/{other}")).Is(404);
        (await manager.Delete($"/identity/v3/projects/{project}")).Is(403);
        Assert.Empty((await manager.Get($"/identity/v3/users?domain_id={other}")).Is(200)["users"].AsArray());
    }
}
