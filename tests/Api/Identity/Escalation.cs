using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class EscalationOnSqlite() : Escalation("sqlite");
public sealed class EscalationOnPostgres() : Escalation("postgres");

/// <summary>Every role, at every place, tries to give every role at every place. Nobody ever gives what it does not hold, or where it does not rule.</summary>
public abstract class Escalation(string database) : CloudTests(database)
{
    private const string Password = "a-password-of-tests";

    private static async Task<string> Person(Client by, string domain) => await by.Make("user", new { name = Cloud.Name("person"), domain_id = domain, password = Password });

    private static async Task<string> OwnRole(Client by, string domain, params string[] rules)
    {
        var id = await by.Make("role", new { name = Cloud.Name("own"), domain_id = domain });
        if (rules.Length > 0) (await by.Put($"/xiangyun/v1/roles/{id}/rules", new { rules })).Is(200);
        return id;
    }

    [Fact]
    public async Task no_role_at_any_place_hands_out_more_than_it_holds_or_elsewhere_than_below()
    {
        var ((domain, bureau), (other, neighbour)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        var child = await bureau.Make("project", new { name = Cloud.Name("c"), domain_id = domain, parent_id = project });
        var beside = await bureau.Make("project", new { name = Cloud.Name("b"), domain_id = domain });
        var foreign = await neighbour.Make("project", new { name = Cloud.Name("f"), domain_id = other });
        var (own, theirs) = (await OwnRole(bureau, domain, "compute:read", "identity:grant", "identity:create_user", "identity:update_role"), await OwnRole(neighbour, other));
        var roles = new Dictionary<string, string> { ["own"] = own, ["theirs"] = theirs };
        foreach (var name in new[] { "admin", "manager", "member", "reader", "service", "security_admin", "auditor" }) roles[name] = await Cloud.Role(name);
        var places = new Dictionary<string, string>
        {
            ["system"] = "/identity/v3/system", ["domain"] = $"/identity/v3/domains/{domain}", ["project"] = $"/identity/v3/projects/{project}", ["child"] = $"/identity/v3/projects/{child}",
            ["beside"] = $"/identity/v3/projects/{beside}", ["other"] = $"/identity/v3/domains/{other}", ["foreign"] = $"/identity/v3/projects/{foreign}",
        };
        var below = new Dictionary<string, string[]> { ["domain"] = ["domain", "project", "child", "beside"], ["project"] = ["project", "child"] };
        var given = 0;
        foreach (var place in new[] { "domain", "project" })
            foreach (var role in new[] { "reader", "member", "manager", "own" })
            {
                var id = await Person(bureau, domain);
                (await Cloud.Admin.Put($"{places[place]}/users/{id}/roles/{roles[role]}")).Is(204);
                var who = await Cloud.As(id, Password, place == "domain" ? new { domain = new { id = domain } } : new { project = new { id = project } });
                var victim = await Person(bureau, domain);
                foreach (var (target, path) in places)
                    foreach (var (wanted, wantedId) in roles)
                    {
                        var may = role == "manager" && below[place].Contains(target) && (wanted is "manager" or "member" or "reader" or "own");
                        var status = (await who.Put($"{path}/users/{victim}/roles/{wantedId}")).Status;
                        Assert.True(may ? status == 204 : status is 403 or 404, $"{role}@{place} gives {wanted}@{target}: {status}");
                        if (may) given++;
                    }
            }
        Assert.Equal(16 + 8, given);
    }

    [Fact, Proves("PUT /xiangyun/v1/roles/{id}/rules"), Proves("GET /xiangyun/v1/roles/{id}/rules"), Proves("GET /xiangyun/v1/rules")]
    public async Task a_bureaus_own_role_lets_pass_exactly_its_rules_and_never_those_of_the_cloud()
    {
        var ((domain, bureau), (_, neighbour)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        var project = await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        var role = await OwnRole(bureau, domain, "volume:read");
        foreach (var rule in Wire.Rules.All.Keys)
        {
            var known = Wire.Rules.All[rule].Any(g => g.Split('@') is ["reader" or "member" or "manager", "project" or "domain" or "any"]);
            Assert.Equal((rule, known ? 200 : 403), (rule, (await bureau.Put($"/xiangyun/v1/roles/{role}/rules", new { rules = new[] { rule } })).Status));
        }
        (await bureau.Put($"/xiangyun/v1/roles/{role}/rules", new { rules = new[] { "volume:read" } })).Is(200);
        (await bureau.Put($"/xiangyun/v1/roles/{role}/rules", new { rules = new[] { "moon:read" } })).Is(400);
        (await neighbour.Put($"/xiangyun/v1/roles/{role}/rules", new { rules = Array.Empty<string>() })).Is(404);
        (await neighbour.Get($"/xiangyun/v1/roles/{role}/rules")).Is(404);
        (await bureau.Put($"/xiangyun/v1/roles/{await Cloud.Role("reader")}/rules", new { rules = new[] { "volume:write" } })).Is(403);
        (await bureau.Post("/identity/v3/roles", new { role = new { name = Cloud.Name("global") } })).Is(403);
        (await bureau.Put($"/identity/v3/roles/{role}/implies/{await Cloud.Role("admin")}")).Is(403);
        (await bureau.Put($"/identity/v3/roles/{await Cloud.Role("reader")}/implies/{await Cloud.Role("manager")}")).Is(403);

        var worker = await Person(bureau, domain);
        (await bureau.Put($"/identity/v3/projects/{project}/users/{worker}/roles/{role}")).Is(204);
        var who = await Cloud.As(worker, Password, new { project = new { id = project } });
        (await who.Get("/volume/v3/volumes")).Is(200);
        (await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(403);
        (await who.Get("/compute/v2.1/servers")).Is(403);
        var place = (await bureau.Get($"/xiangyun/v1/rights/{worker}")).Is(200)["rights"]["places"]![0]!;
        Assert.Contains("volume:read", place["rules"]!.AsArray().Select(r => (string)r!));
        Assert.DoesNotContain("volume:write", place["rules"]!.AsArray().Select(r => (string)r!));
        (await bureau.Put($"/xiangyun/v1/roles/{role}/rules", new { rules = new[] { "volume:read", "volume:write" } })).Is(200);
        (await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202);
        (await bureau.Delete($"/identity/v3/roles/{role}")).Is(204);
        (await who.Get("/volume/v3/volumes")).Is(401);
        Assert.Contains("volume:write", (await bureau.Get("/xiangyun/v1/rules?limit=500")).Is(200).Text);
    }
}
