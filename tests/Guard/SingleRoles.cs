using System.Text.Json.Nodes;
using Xiangyun.Kernel;
using Xiangyun.Testing;
using Xiangyun.Wire;

namespace Xiangyun.Guard;

public sealed class SingleRolesOnSqlite() : SingleRoles("sqlite");
public sealed class SingleRolesOnPostgres() : SingleRoles("postgres");

/// <summary>Calls every route with a token of each single role at each place, and with tokens that are over: whoever the rules do not name is refused, on every route.</summary>
public abstract class SingleRoles(string database) : CloudTests(database)
{
    private const string Password = "a-password-of-tests";

    public static TheoryData<string, string> Holders => new()
    {
        { "reader", "project" }, { "member", "project" }, { "manager", "project" }, { "service", "project" }, { "admin", "project" },
        { "reader", "domain" }, { "member", "domain" }, { "manager", "domain" }, { "security_admin", "domain" }, { "auditor", "domain" },
        { "reader", "system" }, { "security_admin", "system" }, { "auditor", "system" }, { "", "unscoped" },
    };

    [Theory, MemberData(nameof(Holders))]
    public async Task a_role_opens_no_route_that_its_rules_do_not_name(string role, string scope)
    {
        var who = await Holder(role, scope);
        var told = (await who.With("X-Subject-Token", who.Token!).Get("/identity/v3/auth/tokens")).Is(200)["token"];
        var actor = new Actor
        {
            UserId = who.UserId, UserName = "u", UserDomainId = "default", Roles = (told["roles"]?.AsArray() ?? []).Select(r => (string)r!["name"]!).ToHashSet(),
            ProjectId = (string?)told["project"]?["id"], DomainId = (string?)told["domain"]?["id"], SystemScope = told["system"] is not null,
        };
        Assert.True(role.Length == 0 ? actor.Roles.Count == 0 : actor.Roles.Contains(role), string.Join(", ", actor.Roles));
        var closed = Cloud.Routes.All.Where(r => !Rules.Allows(r.Route.Rule, actor)).ToList();
        Assert.True(closed.Count > 5, $"only {closed.Count} routes are closed to {role} at {scope}");
        var wrong = new List<string>();
        await Parallel.ForEachAsync(closed, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (one, _) =>
        {
            var reply = await who.Send(new HttpMethod(one.Route.Method), Operations.Fill(one.Service, one.Route, (name, after) => name == "project_id" && after is "v3" or "v2.1" ? actor.ProjectId ?? Id.New() : Id.New()), Body(one.Route));
            if (reply.Status is not (401 or 403 or 404)) lock (wrong) wrong.Add(reply.ToString());
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task a_token_whose_time_is_over_opens_no_route()
    {
        var who = await Cloud.NewProject("manager");
        var ends = TimeProvider.System.GetUtcNow().AddSeconds(4);
        var made = (await who.Post($"/identity/v3/users/{who.UserId}/application_credentials", new { application_credential = new { name = Cloud.Name("short"), expires_at = ends.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ") } })).Is(201)["application_credential"];
        var signed = (await Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "application_credential" }, application_credential = new { id = (string)made["id"]!, secret = (string)made["secret"]! } } } })).Is(201);
        var over = new Client(Cloud.Http, signed.Header("X-Subject-Token"));
        (await over.Get("/network/v2.0/networks")).Is(200);
        await Wait.For("the token is over", () => over.Get("/network/v2.0/networks"), r => r.Status == 401);
        Assert.True(TimeProvider.System.GetUtcNow() >= ends, "it ended too early");
        await Refused(over);
    }

    [Fact]
    public async Task a_token_that_was_revoked_opens_no_route()
    {
        var who = await Cloud.NewProject("manager");
        (await who.Delete("/xiangyun/v1/me/session")).Is(204);
        await Refused(who);
    }

    private async Task Refused(Client who)
    {
        var wrong = new List<string>();
        foreach (var (service, route) in Cloud.Routes.All.Where(r => r.Route.Rule != Rules.Public))
        {
            var reply = await who.Send(new HttpMethod(route.Method), Operations.Fill(service, route, (_, _) => Id.New()), Body(route));
            if (reply.Status != 401) wrong.Add(reply.ToString());
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private async Task<Client> Holder(string role, string scope)
    {
        if (scope == "project") return await Cloud.NewProject(role);
        var domain = (string)(await Cloud.Admin.Post("/identity/v3/domains", new { domain = new { name = Cloud.Name("bureau") } })).Is(201)["domain"]["id"]!;
        var name = Cloud.Name("holder");
        var user = (string)(await Cloud.Admin.Post("/identity/v3/users", new { user = new { name, domain_id = domain, password = Password } })).Is(201)["user"]["id"]!;
        if (role.Length == 0) return await Client.SignIn(Cloud.Http, name, Password, "unscoped", domain);
        var id = (string)(await Cloud.Admin.Get($"/identity/v3/roles?name={role}")).Is(200)["roles"][0]!["id"]!;
        var giver = role is "security_admin" or "auditor" ? Cloud.Security : Cloud.Admin;
        (await giver.Put(scope == "system" ? $"/identity/v3/system/users/{user}/roles/{id}" : $"/identity/v3/domains/{domain}/users/{user}/roles/{id}")).Is(204);
        return await Client.SignIn(Cloud.Http, name, Password, scope == "system" ? new { system = new { all = true } } : new { domain = new { id = domain } }, domain);
    }

    private static JsonNode? Body(Route route) => route.Method is "POST" or "PUT" or "PATCH" ? new JsonObject() : null;
}
