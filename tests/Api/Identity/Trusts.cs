using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class TrustsOnSqlite() : Trusts("sqlite");
public sealed class TrustsOnPostgres() : Trusts("postgres");

public abstract class Trusts(string database) : CloudTests(database)
{
    private static object Wish(Client trustor, Client trustee, object? more = null, bool impersonation = true)
    {
        var trust = new Dictionary<string, object?>
        {
            ["trustor_user_id"] = trustor.UserId, ["trustee_user_id"] = trustee.UserId, ["project_id"] = trustor.ProjectId, ["impersonation"] = impersonation, ["roles"] = new[] { new { name = "reader" } },
        };
        foreach (var property in more?.GetType().GetProperties() ?? []) trust[property.Name] = property.GetValue(more);
        return new { trust };
    }

    private async Task<string> Make(Client trustor, Client trustee, object? more = null, bool impersonation = true) =>
        (string)(await trustor.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, trustee, more, impersonation))).Is(201)["trust"]["id"]!;

    private Task<Reply> Enter(Client trustee, string trust) => Cloud.SignIn(trustee.UserId, trustee.Password, new Dictionary<string, object> { ["OS-TRUST:trust"] = new { id = trust } });

    private async Task<Client> As(Client trustee, string trust) => new(Cloud.Http, (await Enter(trustee, trust)).Is(201).Header("X-Subject-Token"));

    [Fact, Proves("POST /identity/v3/OS-TRUST/trusts"), Proves("DELETE /identity/v3/OS-TRUST/trusts/{id}")]
    public async Task the_trustee_acts_for_the_trustor_with_the_roles_that_were_handed_on_until_the_trust_is_gone()
    {
        var (trustor, trustee, stranger) = (await Cloud.NewProject(), await Cloud.NewProject(), await Cloud.NewProject());
        var id = await Make(trustor, trustee);
        var token = (await Enter(trustee, id)).Is(201);
        Assert.Equal(trustor.UserId, (string?)token["token"]["user"]!["id"]);
        Assert.Equal(["reader"], token["token"]["roles"]!.AsArray().Select(r => (string?)r!["name"]));
        Assert.Equal(trustee.UserId, (string?)token["token"]["OS-TRUST:trust"]!["trustee_user"]!["id"]);
        var acting = new Client(Cloud.Http, token.Header("X-Subject-Token"));
        (await acting.Get("/network/v2.0/networks")).Is(200);
        (await acting.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(403);
        (await Enter(stranger, id)).Is(403);
        (await stranger.Get($"/identity/v3/OS-TRUST/trusts/{id}")).Is(404);
        (await trustee.Delete($"/identity/v3/OS-TRUST/trusts/{id}")).Is(403);
        (await trustor.Delete($"/identity/v3/OS-TRUST/trusts/{id}")).Is(204);
        (await acting.Get("/network/v2.0/networks")).Is(401);
    }

    [Fact]
    public async Task without_impersonation_the_token_stays_the_trustees()
    {
        var (trustor, trustee) = (await Cloud.NewProject(), await Cloud.NewProject());
        var token = (await Enter(trustee, await Make(trustor, trustee, impersonation: false))).Is(201);
        Assert.Equal((trustee.UserId, trustor.ProjectId), ((string?)token["token"]["user"]!["id"], (string?)token["token"]["project"]!["id"]));
    }

    [Fact]
    public async Task uses_are_counted_and_the_last_token_lives_on()
    {
        var (trustor, trustee) = (await Cloud.NewProject(), await Cloud.NewProject());
        var id = await Make(trustor, trustee, new { remaining_uses = 2 });
        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await Enter(trustee, id)).Status));
        Assert.Equal((2, 4), (statuses.Count(s => s == 201), statuses.Count(s => s == 403)));
    }

    [Fact]
    public async Task nothing_lasting_can_be_made_of_a_trust()
    {
        var (trustor, trustee) = (await Cloud.NewProject(), await Cloud.NewProject());
        var acting = await As(trustee, await Make(trustor, trustee));
        (await acting.Post($"/identity/v3/users/{trustor.UserId}/application_credentials", new { application_credential = new { name = "x" } })).Is(403);
        (await acting.Post($"/identity/v3/users/{trustor.UserId}/credentials/OS-EC2", new { tenant_id = trustor.ProjectId })).Is(403);
        (await acting.Get("/identity/v3/credentials")).Is(403);
        (await acting.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, trustee))).Is(403);
        var again = new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = acting.Token } } } };
        (await Cloud.Nobody.Post("/identity/v3/auth/tokens", again)).Is(403);
    }

    [Fact]
    public async Task a_trust_that_may_be_redelegated_only_shrinks_and_takes_what_came_of_it_along()
    {
        var (trustor, first, second) = (await Cloud.NewProject(), await Cloud.NewProject(), await Cloud.NewProject());
        var id = await Make(trustor, first, new { allow_redelegation = true, redelegation_count = 1 });
        var acting = await As(first, id);
        (await acting.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, second, new { roles = new[] { new { name = "member" } } }))).Is(403);
        var child = (string)(await acting.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, second))).Is(201)["trust"]["id"]!;
        var third = await As(second, child);
        (await third.Get("/network/v2.0/networks")).Is(200);
        (await trustor.Delete($"/identity/v3/OS-TRUST/trusts/{id}")).Is(204);
        (await third.Get("/network/v2.0/networks")).Is(401);
    }

    [Fact]
    public async Task a_trust_is_void_once_its_trustor_lost_the_role_and_cannot_hand_on_what_nobody_holds()
    {
        var (trustor, trustee) = (await Cloud.NewProject(), await Cloud.NewProject());
        (await trustor.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, trustee, new { roles = new[] { new { name = "admin" } } }))).Is(404);
        (await trustee.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, trustee))).Is(403);
        (await trustor.Post("/identity/v3/OS-TRUST/trusts", Wish(trustor, trustee, new { expires_at = "2001-01-01T00:00:00.000000Z" }))).Is(400);
        var acting = await As(trustee, await Make(trustor, trustee));
        (await Cloud.Admin.Delete($"/identity/v3/projects/{trustor.ProjectId}/users/{trustor.UserId}/roles/{await Cloud.Role("member")}")).Is(204);
        (await acting.Get("/network/v2.0/networks")).Is(401);
    }
}
