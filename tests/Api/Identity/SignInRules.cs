using Xiangyun.Identity.Tokens;
using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class SignInRulesOnSqlite() : SignInRules("sqlite");
public sealed class SignInRulesOnPostgres() : SignInRules("postgres");

/// <summary>What a domain demands of its people when they come in, and what they are shown then.</summary>
public abstract class SignInRules(string database) : CloudTests(database)
{
    private const string Password = "a-password-of-tests", Secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    private static string Code(int ahead = 0) => Totp.Code(Totp.Secret(Secret)!, Totp.Step(Xiangyun.Kernel.Clock.Ms(TimeProvider.System)) + ahead);

    private Task<Reply> Enter(string user, object? scope, params string[] methods) => Cloud.Nobody.Post("/identity/v3/auth/tokens", new
    {
        auth = new { identity = new { methods, password = new { user = new { id = user, password = Password } }, totp = new { user = new { id = user, passcode = Code() } } }, scope = scope ?? "unscoped" },
    });

    [Fact, Proves("GET /xiangyun/v1/organisations/{id}/sign-in-policy"), Proves("PUT /xiangyun/v1/organisations/{id}/sign-in-policy")]
    public async Task where_a_domain_demands_a_second_factor_a_password_alone_is_good_for_enrolling_one_only()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        var user = await bureau.Make("user", new { name = Cloud.Name("clerk"), domain_id = domain, password = Password });
        (await bureau.Put($"/identity/v3/projects/{project}/users/{user}/roles/{await Cloud.Role("member")}")).Is(204);
        var policy = $"/xiangyun/v1/organisations/{domain}/sign-in-policy";
        var scope = new { project = new { id = project } };
        (await Enter(user, scope, "password")).Is(201);
        (await bureau.Put(policy, new { sign_in_policy = new { second_factor = true } })).Is(403);
        (await Cloud.Admin.Put(policy, new { sign_in_policy = new { second_factor = true } })).Is(403);
        (await Cloud.Security.Put($"/xiangyun/v1/organisations/{project}/sign-in-policy", new { sign_in_policy = new { second_factor = true } })).Is(404);
        (await Cloud.Security.Put(policy, new { sign_in_policy = new { } })).Is(400);
        Assert.Equal(0, (int)(await Cloud.Security.Put(policy, new { sign_in_policy = new { second_factor = true } })).Is(200)["sign_in_policy"]["users_with_second_factor"]!);

        Assert.Contains("enrol one", (await Enter(user, scope, "password")).Is(401).Text);
        var bare = new Client(Cloud.Http, (await Enter(user, null, "password")).Is(201).Header("X-Subject-Token"));
        (await bare.Get("/compute/v2.1/servers")).Is(403);
        Assert.DoesNotContain("project", (await Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id = user, password = Password } } } } })).Is(201).Text);
        var token = new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = bare.Token } }, scope } };
        Assert.Contains("enrol one", (await Cloud.Nobody.Post("/identity/v3/auth/tokens", token)).Is(401).Text);
        (await bare.Post("/identity/v3/credentials", new { credential = new { type = "totp", blob = Secret, user_id = user } })).Is(201);
        Assert.True((bool)(await bare.Get("/xiangyun/v1/me")).Is(200)["me"]["second_factor_enrolled"]!);
        Assert.Contains("receipt", (await Enter(user, scope, "password")).Is(401).Text);
        Assert.Contains("receipt", (await Cloud.Nobody.Post("/identity/v3/auth/tokens", token)).Is(401).Text);
        Assert.Contains("receipt", (await Enter(user, null, "password")).Is(401).Text);
        var full = new Client(Cloud.Http, (await Enter(user, scope, "password", "totp")).Is(201).Header("X-Subject-Token"));
        (await full.Get("/compute/v2.1/servers")).Is(200);
        var shown = (await full.Get(policy)).Is(200)["sign_in_policy"];
        Assert.Equal((true, 1), ((bool)shown["second_factor"]!, (int)shown["users_with_second_factor"]!));
        (await (await Cloud.NewProject()).Get(policy)).Is(404);
        (await Cloud.SignIn((await Cloud.NewProject()).UserId, "x")).Is(401);
    }

    [Fact, Proves("GET /xiangyun/v1/me"), Proves("DELETE /xiangyun/v1/me/session"), Proves("GET /xiangyun/v1/users/{id}/sessions"), Proves("DELETE /xiangyun/v1/users/{id}/sessions/{session_id}")]
    public async Task everybody_sees_when_it_came_last_how_often_somebody_failed_since_and_ends_single_sessions()
    {
        var who = await Cloud.NewProject();
        for (var i = 0; i < 3; i++) (await Cloud.SignIn(who.UserId, "wrong")).Is(401);
        var scope = new { project = new { id = who.ProjectId } };
        var second = await Cloud.As(who.UserId, who.Password, scope);
        var me = (await second.Get("/xiangyun/v1/me")).Is(200)["me"];
        Assert.Equal(3, (int)me["failures_in_between"]!);
        Assert.NotNull((string?)me["last_sign_in_at"]);
        Assert.Equal("127.0.0.1", ((string)me["last_sign_in_from"]!).Replace("::ffff:", ""));
        var sessions = (await second.Get($"/xiangyun/v1/users/{who.UserId}/sessions")).Is(200)["sessions"].AsArray();
        Assert.Equal(2, sessions.Count);
        Assert.Equal(1, sessions.Count(s => (bool)s!["this_one"]!));
        Assert.Single((await second.Get($"/xiangyun/v1/users/{who.UserId}/sessions?limit=1")).Is(200)["sessions"].AsArray());
        var other = (string)sessions.Single(s => !(bool)s!["this_one"]!)!["id"]!;
        var stranger = await Cloud.NewProject();
        (await stranger.Get($"/xiangyun/v1/users/{who.UserId}/sessions")).Is(404);
        (await stranger.Delete($"/xiangyun/v1/users/{who.UserId}/sessions/{other}")).Is(404);
        (await second.Delete($"/xiangyun/v1/users/{who.UserId}/sessions/{other}")).Is(204);
        (await who.Get("/compute/v2.1/servers")).Is(401);
        (await second.Get("/compute/v2.1/servers")).Is(200);
        Assert.Single((await second.Get($"/xiangyun/v1/users/{who.UserId}/sessions")).Is(200)["sessions"].AsArray());
        (await second.Delete($"/xiangyun/v1/users/{who.UserId}/sessions/{other}")).Is(404);
        // a token made from another one is the same sign-in, and signing out ends both
        var made = new Client(Cloud.Http, (await Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = second.Token } }, scope } })).Is(201).Header("X-Subject-Token"));
        Assert.True((bool)(await made.Get($"/xiangyun/v1/users/{who.UserId}/sessions")).Is(200)["sessions"].AsArray().Single()!["this_one"]!);
        (await made.Delete("/xiangyun/v1/me/session")).Is(204);
        (await made.Get("/compute/v2.1/servers")).Is(401);
        (await second.Get("/compute/v2.1/servers")).Is(401);
    }
}
