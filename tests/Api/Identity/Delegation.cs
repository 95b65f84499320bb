using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class DelegationOnSqlite() : Delegation("sqlite");
public sealed class DelegationOnPostgres() : Delegation("postgres");

/// <summary>Power over a node is power over its subtree, never beside or above; and what a change of rights would mean is known before it is made.</summary>
public abstract class Delegation(string database) : CloudTests(database)
{
    private const string Password = "a-password-of-tests";

    [Fact]
    public async Task the_manager_of_a_department_rules_below_it_and_nowhere_else()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var (department, beside) = (await Project(bureau, domain, null), await Project(bureau, domain, null));
        var chief = await Person(bureau, domain);
        (await bureau.Put($"/identity/v3/projects/{department}/users/{chief}/roles/{await Cloud.Role("manager")}")).Is(204);
        var manager = await Cloud.As(chief, Password, new { project = new { id = department } });
        var system = await Project(manager, domain, department);
        var part = await Project(manager, domain, system);
        var worker = await Person(bureau, domain);
        var member = await Cloud.Role("member");
        (await manager.Put($"/identity/v3/projects/{part}/users/{worker}/roles/{member}")).Is(204);
        (await Cloud.SignIn(worker, Password, new { project = new { id = part } })).Is(201);
        (await manager.Patch($"/identity/v3/projects/{part}", new { project = new { description = "ours" } })).Is(200);
        // beside, above, and what it does not hold
        (await manager.Put($"/identity/v3/projects/{beside}/users/{worker}/roles/{member}")).Is(403);
        (await manager.Put($"/identity/v3/domains/{domain}/users/{worker}/roles/{member}")).Is(403);
        (await manager.Put($"/identity/v3/projects/{part}/users/{worker}/roles/{await Cloud.Role("admin")}")).Is(403);
        (await manager.Put($"/identity/v3/projects/{part}/users/{(await Cloud.NewProject()).UserId}/roles/{member}")).Is(403);
        (await manager.Post("/identity/v3/projects", new { project = new { name = Cloud.Name("site"), domain_id = domain } })).Is(403);
        (await manager.Post("/identity/v3/projects", new { project = new { name = Cloud.Name("site"), domain_id = domain, parent_id = beside } })).Is(403);
        (await manager.Patch($"/identity/v3/projects/{beside}", new { project = new { description = "ours" } })).Is(403);
        (await manager.Delete($"/identity/v3/projects/{department}")).Is(403);
        (await manager.Delete($"/identity/v3/projects/{part}")).Is(204);
    }

    [Fact]
    public async Task the_tree_is_as_deep_as_an_organisation_and_inherited_power_reaches_its_foot()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        string? at = null;
        var nodes = new List<string>();
        for (var level = 0; level < 12; level++) nodes.Add(at = await Project(bureau, domain, at));
        var worker = await Person(bureau, domain);
        (await bureau.Put($"/identity/v3/OS-INHERIT/projects/{nodes[0]}/users/{worker}/roles/{await Cloud.Role("reader")}/inherited_to_projects")).Is(204);
        (await Cloud.SignIn(worker, Password, new { project = new { id = nodes[^1] } })).Is(201);
        (await Cloud.SignIn(worker, Password, new { project = new { id = nodes[0] } })).Is(401);
    }

    [Fact, Proves("POST /xiangyun/v1/grants")]
    public async Task a_temporary_grant_ends_by_the_clock_for_tokens_that_are_out_too()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var (project, worker) = (await Project(bureau, domain, null), await Person(bureau, domain));
        object Body(string end) => new { grant = new { user_id = worker, role = "member", project_id = project, expires_at = end } };
        (await bureau.Post("/xiangyun/v1/grants", Body("2020-01-01T00:00:00Z"))).Is(400);
        (await bureau.Post("/xiangyun/v1/grants", Body("soon"))).Is(400);
        (await (await Cloud.NewProject()).Post("/xiangyun/v1/grants", Body(In(60)))).Is(403);
        (await bureau.Post("/xiangyun/v1/grants", Body(In(4)))).Is(201);
        var who = await Cloud.As(worker, Password, new { project = new { id = project } });
        (await who.Get("/compute/v2.1/servers")).Is(200);
        await Wait.Until("the token is worth nothing", async () => (await who.Get("/compute/v2.1/servers")).Status == 401, TimeSpan.FromSeconds(20));
        (await Cloud.SignIn(worker, Password, new { project = new { id = project } })).Is(401);
        Assert.Empty((await bureau.Get($"/identity/v3/projects/{project}/users/{worker}/roles")).Is(200)["roles"].AsArray());
        (await bureau.Put($"/identity/v3/projects/{project}/users/{worker}/roles/{await Cloud.Role("member")}")).Is(204); // the same grant again, for good
        (await Cloud.SignIn(worker, Password, new { project = new { id = project } })).Is(201);
    }

    [Fact, Proves("GET /xiangyun/v1/rights/{id}"), Proves("POST /xiangyun/v1/rights/{id}/simulate")]
    public async Task rights_are_explained_and_a_change_is_tried_without_being_made()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var (project, worker) = (await Project(bureau, domain, null), await Person(bureau, domain));
        var group = await bureau.Make("group", new { name = "editors", domain_id = domain });
        (await bureau.Put($"/identity/v3/projects/{project}/groups/{group}/roles/{await Cloud.Role("member")}")).Is(204);
        var simulated = (await bureau.Post($"/xiangyun/v1/rights/{worker}/simulate", new { simulate = new { join_groups = new[] { group }, add = new[] { new { role = "admin", project_id = project } } } })).Is(200)["simulation"];
        Assert.Equal($"grant admin at project {project}", (string?)Assert.Single(simulated["refused"]!.AsArray())!["change"]);
        Assert.Contains("volume:write", simulated["gained"]![0]!["rules"]!.AsArray().Select(r => (string)r!));
        Assert.Empty(simulated["before"]!["places"]!.AsArray());
        Assert.Empty((await bureau.Get($"/xiangyun/v1/rights/{worker}")).Is(200)["rights"]["places"]!.AsArray()); // nothing was made
        (await bureau.Put($"/identity/v3/groups/{group}/users/{worker}")).Is(204);
        var place = (await bureau.Get($"/xiangyun/v1/rights/{worker}")).Is(200)["rights"]["places"]![0]!;
        var reader = place["roles"]!.AsArray().Single(r => (string?)r!["role"] == "reader")!;
        Assert.Equal(("member", group), ((string?)reader["granted_role"], (string?)reader["through_group"]));
        Assert.Equal(simulated["after"]!["places"]!.ToJsonString(), new System.Text.Json.Nodes.JsonArray(place.DeepClone()).ToJsonString());
        // the answer is what every request is asked
        var who = await Cloud.As(worker, Password, new { project = new { id = project } });
        Assert.DoesNotContain("compute:manage_hosts", place["rules"]!.AsArray().Select(r => (string)r!));
        (await who.Get("/compute/v2.1/servers")).Is(200);
        (await who.Get($"/xiangyun/v1/rights/{worker}")).Is(200);
        (await who.Get($"/xiangyun/v1/rights/{bureau.UserId}")).Is(404);
        (await (await Cloud.NewProject()).Get($"/xiangyun/v1/rights/{worker}")).Is(404);
    }

    [Fact, Proves("GET /xiangyun/v1/users/{id}/belongings"), Proves("GET /xiangyun/v1/organisations/{id}/belongings")]
    public async Task what_a_leaver_holds_and_what_an_organisation_owns_is_told_by_every_service()
    {
        var who = await Cloud.NewProject();
        await who.NewNetwork();
        (await who.Post("/compute/v2.1/os-keypairs", new { keypair = new { name = "mine" } })).Is(200);
        (await who.Post($"/volume/v3/{who.ProjectId}/volumes", new { volume = new { size = 1, name = "档案" } })).Is(202);
        var person = (await who.Get($"/xiangyun/v1/users/{who.UserId}/belongings")).Is(200)["belongings"].AsArray().ToDictionary(b => (string)b!["kind"]!, b => (int)b!["count"]!);
        Assert.Equal((1, 1, 1, 0), (person["grant"], person["keypair"], person["volume"], person["server"]));
        var project = (await Cloud.Admin.Get($"/xiangyun/v1/organisations/{who.ProjectId}/belongings")).Is(200)["belongings"].AsArray();
        Assert.Equal("档案", (string?)project.Single(b => (string?)b!["kind"] == "volume")!["first"]![0]!["name"]);
        Assert.Equal(1, (int)project.Single(b => (string?)b!["kind"] == "network")!["count"]!);
        var stranger = await Cloud.NewProject();
        (await stranger.Get($"/xiangyun/v1/users/{who.UserId}/belongings")).Is(404);
        (await stranger.Get($"/xiangyun/v1/organisations/{who.ProjectId}/belongings")).Is(404);
    }

    [Fact, Proves("POST /xiangyun/v1/users/{id}/sign-out")]
    public async Task signing_out_ends_every_session_and_only_managers_end_others()
    {
        var (who, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        (await stranger.Post($"/xiangyun/v1/users/{who.UserId}/sign-out")).Is(404);
        (await Cloud.Admin.Post($"/xiangyun/v1/users/{Cloud.Auditor.UserId}/sign-out")).Is(403);
        (await who.Post($"/xiangyun/v1/users/{who.UserId}/sign-out")).Is(204);
        (await who.Get("/compute/v2.1/servers")).Is(401);
        await Task.Delay(5);
        (await Cloud.SignIn(who.UserId, who.Password, new { project = new { id = who.ProjectId } })).Is(201);
    }

    private static string In(int seconds) => DateTimeOffset.FromUnixTimeMilliseconds(Xiangyun.Kernel.Clock.Ms(TimeProvider.System)).AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ");

    private static Task<string> Person(Client by, string domain) => by.Make("user", new { name = Cloud.Name("person"), domain_id = domain, password = Password });

    private static Task<string> Project(Client by, string domain, string? parent) => parent is null
        ? by.Make("project", new { name = Cloud.Name("site"), domain_id = domain }) : by.Make("project", new { name = Cloud.Name("site"), domain_id = domain, parent_id = parent });
}
