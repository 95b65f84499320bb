using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class RightsOnSqlite() : Rights("sqlite");
public sealed class RightsOnPostgres() : Rights("postgres");

/// <summary>A right that is taken away is gone with the next request, whatever it rested on.</summary>
public abstract class Rights(string database) : CloudTests(database)
{
    private const string Look = "/identity/v3/auth/projects";

    [Fact]
    public async Task disabling_the_user_ends_its_tokens()
    {
        var member = await Cloud.NewProject();
        (await member.Get(Look)).Is(200);
        (await Cloud.Admin.Patch($"/identity/v3/users/{member.UserId}", new { user = new { enabled = false } })).Is(200);
        (await member.Get(Look)).Is(401);
    }

    [Fact]
    public async Task disabling_the_project_ends_the_tokens_of_its_members()
    {
        var member = await Cloud.NewProject();
        (await Cloud.Admin.Patch($"/identity/v3/projects/{member.ProjectId}", new { project = new { enabled = false } })).Is(200);
        (await member.Get(Look)).Is(401);
    }

    [Fact, Proves("POST /identity/v3/users/{id}/password")]
    public async Task a_new_password_ends_the_old_one_and_its_tokens()
    {
        var member = await Cloud.NewProject();
        (await member.Post($"/identity/v3/users/{member.UserId}/password", new { user = new { original_password = "wrong", password = "another-password" } })).Is(401);
        (await member.Post($"/identity/v3/users/{member.UserId}/password", new { user = new { original_password = member.Password, password = "another-password" } })).Is(204);
        (await member.Get(Look)).Is(401);
        (await Cloud.SignIn(member.UserId, member.Password)).Is(401);
        (await Cloud.SignIn(member.UserId, "another-password")).Is(201);
    }

    [Fact]
    public async Task a_role_that_is_revoked_is_gone_from_living_tokens()
    {
        var member = await Cloud.NewProject();
        (await Cloud.Admin.Delete($"/identity/v3/projects/{member.ProjectId}/users/{member.UserId}/roles/{await Cloud.Role("member")}")).Is(204);
        (await member.Get(Look)).Is(401);
    }

    [Fact]
    public async Task roles_come_by_groups_and_from_above_and_effective_says_so()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = "site", domain_id = domain });
        var user = await manager.Make("user", new { name = "worker", domain_id = domain, password = "a-password-of-tests" });
        var group = await manager.Make("group", new { name = "workers", domain_id = domain });
        (await manager.Put($"/identity/v3/groups/{group}/users/{user}")).Is(204);
        (await manager.Put($"/identity/v3/OS-INHERIT/domains/{domain}/groups/{group}/roles/{await Cloud.Role("member")}/inherited_to_projects")).Is(204);
        (await Cloud.SignIn(user, "a-password-of-tests", new { project = new { id = project } })).Is(201);
        (await Cloud.SignIn(user, "a-password-of-tests", new { domain = new { id = domain } })).Is(401);
        var found = (await Cloud.Admin.Get($"/identity/v3/role_assignments?user.id={user}&effective&include_names")).Is(200)["role_assignments"].AsArray();
        Assert.Equal(["member", "reader"], found.Select(a => (string)a!["role"]!["name"]!).Order());
        Assert.All(found, a => Assert.Equal("site", (string?)a!["scope"]!["project"]!["name"]));
        (await manager.Delete($"/identity/v3/groups/{group}/users/{user}")).Is(204);
        (await Cloud.SignIn(user, "a-password-of-tests", new { project = new { id = project } })).Is(401);
    }

    [Fact, Proves("POST /identity/v3/users/{user_id}/application_credentials")]
    public async Task an_application_credential_acts_with_its_roles_and_makes_no_successors()
    {
        var member = await Cloud.NewProject();
        var path = $"/identity/v3/users/{member.UserId}/application_credentials";
        var made = (await member.Post(path, new { application_credential = new { name = "robot", roles = new[] { new { name = "reader" } } } })).Is(201)["application_credential"];
        Assert.Null((await member.Get($"{path}/{made["id"]}")).Is(200)["application_credential"]["secret"]);
        (await member.Post(path, new { application_credential = new { name = "greedy", roles = new[] { new { name = "admin" } } } })).Is(400);
        var reply = await ByCredential((string)made["id"]!, (string)made["secret"]!);
        Assert.Equal(["reader"], reply.Is(201)["token"]["roles"]!.AsArray().Select(r => (string)r!["name"]!));
        var robot = new Client(Cloud.Http, reply.Header("X-Subject-Token"));
        (await robot.Post(path, new { application_credential = new { name = "child" } })).Is(403);
        (await robot.Delete($"{path}/{made["id"]}")).Is(403);
        (await ByCredential((string)made["id"]!, "wrong")).Is(401);
        (await member.Delete($"{path}/{made["id"]}")).Is(204);
        (await robot.Get(Look)).Is(401);
    }

    private Task<Reply> ByCredential(string id, string secret) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods = new[] { "application_credential" }, application_credential = new { id, secret } } },
    });
}
