using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class AdministratorsOnSqlite() : Administrators("sqlite");
public sealed class AdministratorsOnPostgres() : Administrators("postgres");

/// <summary>The three administrators: no person is two of them, none can act as another, and two together can break the glass.</summary>
public abstract class Administrators(string database) : CloudTests(database)
{
    private const string Password = "a-password-of-tests";

    [Fact, Proves("GET /xiangyun/v1/administrators")]
    public async Task the_first_start_makes_three_and_shows_them()
    {
        foreach (var who in new[] { Cloud.Security, Cloud.Auditor })
        {
            var all = (await who.Get("/xiangyun/v1/administrators")).Is(200)["administrators"].AsArray();
            foreach (var (family, name) in new[] { ("system", "admin"), ("security", "security"), ("audit", "auditor") })
                Assert.Contains(all, a => (string?)a!["family"] == family && (string?)a["user_name"] == name && (string?)a["at"] == "system");
        }
        (await (await Cloud.NewProject()).Get("/xiangyun/v1/administrators")).Is(403);
    }

    [Fact]
    public async Task nobody_becomes_two_of_them_whichever_way_the_role_comes()
    {
        var (user, auditor) = (await Person(), await Cloud.Role("auditor"));
        (await Cloud.Security.Put($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(204);
        var (domain, _) = await Cloud.NewDomain();
        var project = await Cloud.Admin.Make("project", new { name = Cloud.Name("site"), domain_id = domain });
        // by a grant, at any place, direct or inherited
        foreach (var role in new[] { "admin", "manager" })
            foreach (var place in new[] { $"system/users/{user}", $"domains/{domain}/users/{user}", $"projects/{project}/users/{user}" })
                (await Cloud.Admin.Put($"/identity/v3/{place}/roles/{await Cloud.Role(role)}")).Is(403);
        (await Cloud.Admin.Put($"/identity/v3/OS-INHERIT/domains/{domain}/users/{user}/roles/{await Cloud.Role("manager")}/inherited_to_projects")).Is(403);
        // as the other of the two
        (await Cloud.Security.Put($"/identity/v3/system/users/{user}/roles/{await Cloud.Role("security_admin")}")).Is(403);
        // through a group: who joins one that holds it, and a group that gets it while it has the person
        var group = await Cloud.Admin.Make("group", new { name = Cloud.Name("operators"), domain_id = "default" });
        (await Cloud.Admin.Put($"/identity/v3/groups/{group}/users/{user}")).Is(204);
        (await Cloud.Admin.Put($"/identity/v3/system/groups/{group}/roles/{await Cloud.Role("admin")}")).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/groups/{group}/users/{user}")).Is(204);
        (await Cloud.Admin.Put($"/identity/v3/system/groups/{group}/roles/{await Cloud.Role("admin")}")).Is(204);
        (await Cloud.Admin.Put($"/identity/v3/groups/{group}/users/{user}")).Is(403);
        // through a role that somebody made: held before it meant anything, and given after it did
        var custom = await Cloud.Admin.Make("role", new { name = Cloud.Name("custom") });
        (await Cloud.Admin.Put($"/identity/v3/projects/{project}/users/{user}/roles/{custom}")).Is(204);
        (await Cloud.Admin.Put($"/identity/v3/roles/{custom}/implies/{await Cloud.Role("manager")}")).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/projects/{project}/users/{user}/roles/{custom}")).Is(204);
        (await Cloud.Admin.Put($"/identity/v3/roles/{custom}/implies/{await Cloud.Role("manager")}")).Is(201);
        (await Cloud.Admin.Put($"/identity/v3/projects/{project}/users/{user}/roles/{custom}")).Is(403);
        foreach (var named in new[] { "auditor", "security_admin" })
        {
            (await Cloud.Admin.Put($"/identity/v3/roles/{custom}/implies/{await Cloud.Role(named)}")).Is(403);
            (await Cloud.Admin.Put($"/identity/v3/roles/{await Cloud.Role(named)}/implies/{custom}")).Is(403);
            (await Cloud.Admin.Patch($"/identity/v3/roles/{await Cloud.Role(named)}", new { role = new { name = "harmless" } })).Is(403);
            (await Cloud.Admin.Delete($"/identity/v3/roles/{await Cloud.Role(named)}")).Is(403);
        }
    }

    [Fact]
    public async Task two_grants_at_once_never_make_one_person_two_administrators()
    {
        var (admin, auditor) = (await Cloud.Role("admin"), await Cloud.Role("auditor"));
        for (var round = 0; round < 8; round++)
        {
            var user = await Person();
            var both = await Task.WhenAll(Cloud.Admin.Put($"/identity/v3/system/users/{user}/roles/{admin}"), Cloud.Security.Put($"/identity/v3/system/users/{user}/roles/{auditor}"));
            Assert.Equal([204, 403], both.Select(r => r.Status).Order());
        }
    }

    [Fact]
    public async Task only_the_security_administrator_names_the_other_two_and_only_persons()
    {
        var (user, auditor) = (await Person(), await Cloud.Role("auditor"));
        var (domain, manager) = await Cloud.NewDomain();
        (await Cloud.Admin.Put($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(403);
        (await Cloud.Auditor.Put($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(403);
        (await manager.Put($"/identity/v3/domains/{domain}/users/{user}/roles/{auditor}")).Is(403);
        (await Cloud.Security.Put($"/identity/v3/system/users/{user}/roles/{await Cloud.Role("admin")}")).Is(403);
        (await Cloud.Security.Put($"/identity/v3/domains/{domain}/users/{user}/roles/{await Cloud.Role("member")}")).Is(403);
        var group = await Cloud.Admin.Make("group", new { name = Cloud.Name("watchers"), domain_id = "default" });
        (await Cloud.Security.Put($"/identity/v3/system/groups/{group}/roles/{auditor}")).Is(403);
        (await Cloud.Security.Put($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(204);
        (await Cloud.Admin.Delete($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(403);
        (await Cloud.Security.Delete($"/identity/v3/system/users/{user}/roles/{auditor}")).Is(204);
    }

    [Fact]
    public async Task a_bureau_has_its_own_three_and_they_reach_no_further()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var (other, _) = await Cloud.NewDomain();
        var chief = await Cloud.Admin.Make("user", new { name = Cloud.Name("chief"), domain_id = domain, password = Password });
        (await Cloud.Security.Put($"/identity/v3/domains/{domain}/users/{chief}/roles/{await Cloud.Role("security_admin")}")).Is(204);
        var security = await In(chief, domain);
        var (mine, theirs) = (await manager.Make("user", new { name = "watcher", domain_id = domain, password = Password }), await Cloud.Admin.Make("user", new { name = "stranger", domain_id = other }));
        var auditor = await Cloud.Role("auditor");
        (await security.Put($"/identity/v3/domains/{domain}/users/{mine}/roles/{auditor}")).Is(204);
        (await security.Put($"/identity/v3/domains/{domain}/users/{theirs}/roles/{auditor}")).Is(403);
        (await security.Put($"/identity/v3/domains/{other}/users/{mine}/roles/{auditor}")).Is(403);
        (await security.Put($"/identity/v3/system/users/{mine}/roles/{auditor}")).Is(403);
        (await security.Put($"/identity/v3/domains/{domain}/users/{manager.UserId}/roles/{auditor}")).Is(403);
        var watcher = await In(mine, domain);
        (await watcher.Get("/xiangyun/v1/audit/records?limit=1")).Is(200);
        (await watcher.Put("/xiangyun/v1/audit/retention", new { retention = new { days = 400 } })).Is(403);
        Assert.All((await watcher.Get("/xiangyun/v1/administrators")).Is(200)["administrators"].AsArray(), a => Assert.Equal(domain, (string?)a!["domain_id"]));
        (await manager.Patch($"/identity/v3/users/{mine}", new { user = new { password = "mine-now-all-mine" } })).Is(403);
    }

    [Fact]
    public async Task whoever_runs_the_cloud_cannot_take_over_an_auditor_nor_look_at_the_audit_log()
    {
        var auditor = Cloud.Auditor.UserId;
        foreach (var change in new object[] { new { password = "mine-now-all-mine" }, new { enabled = false }, new { name = "harmless" }, new { options = new { multi_factor_auth_enabled = true } } })
            (await Cloud.Admin.Patch($"/identity/v3/users/{auditor}", new { user = change })).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/users/{auditor}")).Is(403);
        (await Cloud.Admin.Post("/identity/v3/credentials", new { credential = new { type = "totp", blob = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", user_id = auditor } })).Is(403);
        var secret = (string)(await Cloud.Auditor.Post("/identity/v3/credentials", new { credential = new { type = "cert", blob = "private" } })).Is(201)["credential"]["id"]!;
        (await Cloud.Admin.Get($"/identity/v3/credentials/{secret}")).Is(404);
        Assert.DoesNotContain((await Cloud.Admin.Get("/identity/v3/credentials")).Is(200)["credentials"].AsArray(), c => (string?)c!["id"] == secret);
        (await Cloud.Admin.Patch("/identity/v3/domains/default", new { domain = new { enabled = false } })).Is(403);
        var system = await Client.SignIn(Cloud.Http, "admin", Cloud.Admin.Password, new { system = new { all = true } });
        foreach (var path in new[] { "records", "state", "export", "retention" }) (await system.Get($"/xiangyun/v1/audit/{path}")).Is(403);
        (await system.Post("/xiangyun/v1/audit/keys", new { })).Is(403);
        (await Cloud.Security.Get("/xiangyun/v1/audit/records")).Is(403);
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/records?limit=1")).Is(200);
    }

    [Fact]
    public async Task the_last_of_each_cannot_be_taken_away()
    {
        foreach (var (who, role) in new[] { (Cloud.Security, "security_admin"), (Cloud.Admin, "admin") })
        {
            var held = (await Cloud.Security.Get("/xiangyun/v1/administrators")).Is(200)["administrators"].AsArray().Where(a => (string?)a!["role"] == role && (string?)a["at"] == "system").ToList();
            if (held.Count == 1) (await who.Delete($"/identity/v3/system/users/{held[0]!["user_id"]}/roles/{await Cloud.Role(role)}")).Is(403);
        }
    }

    [Fact, Proves("POST /xiangyun/v1/break-glass"), Proves("POST /xiangyun/v1/break-glass/{id}/agree"), Proves("POST /xiangyun/v1/break-glass/{id}/password")]
    public async Task two_of_three_give_a_lost_account_a_new_password_once_and_everybody_can_read_why()
    {
        var (lost, name) = (await Person(), "");
        (await Cloud.Security.Put($"/identity/v3/system/users/{lost}/roles/{await Cloud.Role("auditor")}")).Is(204);
        name = (string)(await Cloud.Admin.Get($"/identity/v3/users/{lost}")).Is(200)["user"]["name"]!;
        var admin = await Client.SignIn(Cloud.Http, "admin", Cloud.Admin.Password, new { system = new { all = true } });
        (await admin.Post("/xiangyun/v1/break-glass", new { break_glass = new { user_id = (await Cloud.NewProject()).UserId, reason = "an ordinary user" } })).Is(400);
        (await Cloud.Auditor.Post("/xiangyun/v1/break-glass", new { break_glass = new { user_id = Cloud.Auditor.UserId, reason = "my own account, please" } })).Is(403);
        var asked = (await admin.Post("/xiangyun/v1/break-glass", new { break_glass = new { user_id = lost, reason = "the auditor has left the office", minutes = 5 } })).Is(201);
        var path = $"/xiangyun/v1/break-glass/{asked["break_glass"]["id"]}";
        (await admin.Post(path + "/password", new { break_glass = new { password = "a-new-password-1" } })).Is(409);
        (await admin.Post(path + "/agree")).Is(403);
        (await (await Cloud.NewProject()).Post(path + "/agree")).Is(403);
        Assert.Equal("open", (string?)(await Cloud.Security.Post(path + "/agree")).Is(200)["break_glass"]["state"]);
        (await Cloud.Auditor.Post(path + "/password", new { break_glass = new { password = "a-new-password-1" } })).Is(403);
        (await Cloud.Security.Post(path + "/password", new { break_glass = new { password = "a-new-password-1" } })).Is(200);
        (await admin.Post(path + "/password", new { break_glass = new { password = "a-new-password-2" } })).Is(409);
        (await Cloud.SignIn(lost, Password, new { system = new { all = true } })).Is(401);
        var told = (await Cloud.Auditor.Get(path)).Is(200)["break_glass"];
        Assert.Equal(("used", "system", "security"), ((string?)told["state"], (string?)told["asked_as"], (string?)told["agreed_as"]));
        await Wait.Until("the audit log tells it", async () => (await Cloud.Auditor.Get($"/xiangyun/v1/audit/records?object={told["id"]}")).Is(200)["records"].AsArray().Count(r => ((string)r!["action"]!).StartsWith("break_glass.", StringComparison.Ordinal) && (string?)r["result"] == "success") == 3);
    }

    [Fact, Proves("POST /xiangyun/v1/users/{id}/unlock")]
    public async Task the_security_administrator_lifts_a_lock_and_nobody_else()
    {
        var user = await Person();
        for (var n = 0; n < 11; n++) (await Cloud.SignIn(user, "wrong-and-wrong", null)).Is(401);
        (await Cloud.SignIn(user, Password, null)).Is(401);
        (await Cloud.Admin.Post($"/xiangyun/v1/users/{user}/unlock")).Is(403);
        (await Cloud.Security.Post($"/xiangyun/v1/users/{user}/unlock")).Is(204);
        (await Cloud.SignIn(user, Password, null)).Is(201);
    }

    private Task<string> Person() => Cloud.Admin.Make("user", new { name = Cloud.Name("person"), domain_id = "default", password = Password });

    private async Task<Client> In(string userId, string domain)
    {
        var name = (string)(await Cloud.Admin.Get($"/identity/v3/users/{userId}")).Is(200)["user"]["name"]!;
        return await Client.SignIn(Cloud.Http, name, Password, new { domain = new { id = domain } }, domain);
    }
}
