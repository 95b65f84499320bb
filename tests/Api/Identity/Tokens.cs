using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class TokensOnSqlite() : Tokens("sqlite");
public sealed class TokensOnPostgres() : Tokens("postgres");

public abstract class Tokens(string database) : CloudTests(database)
{
    [Fact, Proves("POST /identity/v3/auth/tokens")]
    public async Task a_member_signs_in_and_the_token_tells_who_and_where()
    {
        var member = await Cloud.NewProject();
        var told = (await member.With("X-Subject-Token", member.Token!).Get("/identity/v3/auth/tokens")).Is(200)["token"];
        Assert.Equal(member.ProjectId, (string?)told["project"]!["id"]);
        Assert.Contains("member", told["roles"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.DoesNotContain("admin", told["roles"]!.AsArray().Select(r => (string?)r!["name"]));
    }

    [Fact, Proves("DELETE /identity/v3/auth/tokens")]
    public async Task a_revoked_token_is_refused_by_every_service_at_once()
    {
        var member = await Cloud.NewProject();
        (await member.Get("/network/v2.0/networks")).Is(200);
        (await member.With("X-Subject-Token", member.Token!).Delete("/identity/v3/auth/tokens")).Is(204);
        (await member.Get("/network/v2.0/networks")).Is(401);
        (await member.Get("/identity/v3/auth/projects")).Is(401);
    }

    [Fact]
    public async Task a_wrong_password_and_an_unknown_user_get_the_same_answer()
    {
        var member = await Cloud.NewProject();
        var wrong = await SignIn(member.UserName, "not-the-password");
        var unknown = await SignIn(Cloud.Name("nobody"), "not-the-password");
        Assert.Equal((401, 401), (wrong.Status, unknown.Status));
        Assert.Equal(wrong.Text, unknown.Text);
        Assert.Contains("Keystone uri", wrong.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task what_an_admin_may_do_a_member_may_not()
    {
        var member = await Cloud.NewProject();
        (await member.Post("/identity/v3/projects", new { project = new { name = Cloud.Name("p") } })).Is(403);
        (await member.Get("/xiangyun/v1/hosts")).Is(403);
        Assert.All((await Cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray(), h => Assert.True((bool)h!["simulated"]!));
    }

    private Task<Reply> SignIn(string name, string password) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { name, domain = new { id = "default" }, password } } } },
    });
}
