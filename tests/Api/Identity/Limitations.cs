using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class LimitationsOnSqlite() : Limitations("sqlite");
public sealed class LimitationsOnPostgres() : Limitations("postgres");

/// <summary>What a caller is limited to: access rules, EC2 keys of one project, endpoints of a project, and limits that services read.</summary>
public abstract class Limitations(string database) : CloudTests(database)
{
    [Fact, Proves("GET /identity/v3/users/{user_id}/access_rules"), Proves("DELETE /identity/v3/users/{user_id}/access_rules/{id}")]
    public async Task a_credential_with_access_rules_reaches_those_requests_only()
    {
        var member = await Cloud.NewProject();
        var rules = new[] { new { service = "network", method = "GET", path = "/v2.0/networks" }, new { service = "compute", method = "GET", path = "/v2.1/servers/*" } };
        var made = (await member.Post($"/identity/v3/users/{member.UserId}/application_credentials", new { application_credential = new { name = "narrow", access_rules = rules } })).Is(201)["application_credential"];
        Assert.Equal(2, made["access_rules"]!.AsArray().Count);
        var reply = (await Cloud.Nobody.Post("/identity/v3/auth/tokens", new
        {
            auth = new { identity = new { methods = new[] { "application_credential" }, application_credential = new { id = (string)made["id"]!, secret = (string)made["secret"]! } } },
        })).Is(201);
        Assert.Equal(2, reply["token"]["application_credential"]!["access_rules"]!.AsArray().Count);
        var narrow = new Client(Cloud.Http, reply.Header("X-Subject-Token"));
        (await narrow.Get("/network/v2.0/networks")).Is(200);
        (await narrow.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(403);
        (await narrow.Get("/network/v2.0/ports")).Is(403);
        (await narrow.Get("/compute/v2.1/servers/detail")).Is(200);
        (await narrow.Get("/volume/v3/volumes")).Is(403);
        (await narrow.Get($"/identity/v3/users/{member.UserId}/access_rules")).Is(403);
        var path = $"/identity/v3/users/{member.UserId}/access_rules";
        var rule = (string)(await member.Get(path)).Is(200)["access_rules"][0]!["id"]!;
        (await member.Delete($"{path}/{rule}")).Is(403);
        (await member.Delete($"/identity/v3/users/{member.UserId}/application_credentials/{(string)made["id"]!}")).Is(204);
        (await member.Delete($"{path}/{rule}")).Is(204);
        (await member.Get($"{path}/{rule}")).Is(404);
    }

    [Fact, Proves("POST /identity/v3/users/{user_id}/credentials/OS-EC2"), Proves("POST /identity/v3/s3tokens")]
    public async Task an_ec2_pair_signs_in_to_its_project_and_only_services_may_ask()
    {
        var member = await Cloud.NewProject();
        var pair = (await member.Post($"/identity/v3/users/{member.UserId}/credentials/OS-EC2", new { tenant_id = member.ProjectId })).Is(201)["credential"];
        var text = "GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/bucket";
        var signature = Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData(System.Text.Encoding.UTF8.GetBytes((string)pair["secret"]!), System.Text.Encoding.UTF8.GetBytes(text)));
        object Wish(string s) => new { credentials = new { access = (string)pair["access"]!, signature = s, token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)) } };
        (await member.Post("/identity/v3/s3tokens", Wish(signature))).Is(403);
        (await Cloud.Nobody.Post("/identity/v3/s3tokens", Wish(signature))).Is(401);
        (await Cloud.Admin.Post("/identity/v3/s3tokens", Wish("d3Jvbmc="))).Is(401);
        var token = (await Cloud.Admin.Post("/identity/v3/s3tokens", Wish(signature))).Is(200);
        Assert.Equal((member.UserId, member.ProjectId), ((string?)token["token"]["user"]!["id"], (string?)token["token"]["project"]!["id"]));
        (await new Client(Cloud.Http, token.Header("X-Subject-Token")).Get("/network/v2.0/networks")).Is(200);
        var stranger = await Cloud.NewProject();
        (await stranger.Get($"/identity/v3/users/{member.UserId}/credentials/OS-EC2")).Is(404);
        (await member.Post($"/identity/v3/users/{member.UserId}/credentials/OS-EC2", new { tenant_id = stranger.ProjectId })).Is(403);
        (await member.Delete($"/identity/v3/users/{member.UserId}/credentials/OS-EC2/{(string)pair["access"]!}")).Is(204);
        (await Cloud.Admin.Post("/identity/v3/s3tokens", Wish(signature))).Is(401);
    }

    [Fact, Proves("PUT /identity/v3/OS-EP-FILTER/endpoint_groups/{group_id}/projects/{project_id}"), Proves("PUT /identity/v3/OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}")]
    public async Task a_project_sees_the_endpoints_that_it_was_given()
    {
        var member = await Cloud.NewProject();
        async Task<IEnumerable<string>> Seen() => (await member.Get("/identity/v3/auth/catalog")).Is(200)["catalog"].AsArray().Select(e => (string)e!["type"]!);
        var all = await Seen();
        Assert.Contains("compute", all);
        var service = (string)(await Cloud.Admin.Get("/identity/v3/services?type=network")).Is(200)["services"][0]!["id"]!;
        var group = await Cloud.Admin.Make("OS-EP-FILTER/endpoint_group", new { name = Cloud.Name("group"), filters = new { service_id = service } }, "endpoint_group");
        (await Cloud.Admin.Put($"/identity/v3/OS-EP-FILTER/endpoint_groups/{group}/projects/{member.ProjectId}")).Is(204);
        Assert.Equal(["network"], await Seen());
        var identity = (string)(await Cloud.Admin.Get("/identity/v3/services?type=identity")).Is(200)["services"][0]!["id"]!;
        var endpoint = (string)(await Cloud.Admin.Get($"/identity/v3/endpoints?service_id={identity}&interface=public")).Is(200)["endpoints"][0]!["id"]!;
        (await Cloud.Admin.Put($"/identity/v3/OS-EP-FILTER/projects/{member.ProjectId}/endpoints/{endpoint}")).Is(204);
        Assert.Equal(["identity", "network"], (await Seen()).Order());
        (await Cloud.Admin.Head($"/identity/v3/OS-EP-FILTER/projects/{member.ProjectId}/endpoints/{endpoint}")).Is(204);
        (await Cloud.Admin.Delete($"/identity/v3/OS-EP-FILTER/endpoint_groups/{group}")).Is(204);
        (await Cloud.Admin.Delete($"/identity/v3/OS-EP-FILTER/projects/{member.ProjectId}/endpoints/{endpoint}")).Is(204);
        Assert.Equal(all, await Seen());
    }

    [Fact, Proves("POST /identity/v3/registered_limits"), Proves("POST /identity/v3/limits"), Proves("GET /identity/v3/limits")]
    public async Task a_limit_needs_a_registered_one_and_is_seen_by_its_project()
    {
        var (member, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var service = await Cloud.Admin.Make("service", new { type = Cloud.Name("type"), name = "outside" });
        object Limit(string name) => new { limits = new[] { new { service_id = service, project_id = member.ProjectId, resource_name = name, resource_limit = 5 } } };
        (await Cloud.Admin.Post("/identity/v3/limits", Limit("things"))).Is(403);
        var registered = (await Cloud.Admin.Post("/identity/v3/registered_limits", new { registered_limits = new[] { new { service_id = service, resource_name = "things", default_limit = 10 } } })).Is(201)["registered_limits"][0]!;
        var id = (string)(await Cloud.Admin.Post("/identity/v3/limits", Limit("things"))).Is(201)["limits"][0]!["id"]!;
        (await Cloud.Admin.Post("/identity/v3/limits", Limit("things"))).Is(409);
        (await member.Post("/identity/v3/limits", Limit("things"))).Is(403);
        Assert.Equal([id], (await member.Get("/identity/v3/limits")).Is(200)["limits"].AsArray().Select(l => (string)l!["id"]!));
        Assert.Empty((await stranger.Get("/identity/v3/limits")).Is(200)["limits"].AsArray());
        (await stranger.Get($"/identity/v3/limits/{id}")).Is(404);
        Assert.Equal(7, (int)(await Cloud.Admin.Patch($"/identity/v3/limits/{id}", new { limit = new { resource_limit = 7 } })).Is(200)["limit"]["resource_limit"]!);
        (await Cloud.Admin.Delete($"/identity/v3/registered_limits/{(string)registered["id"]!}")).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/limits/{id}")).Is(204);
        (await Cloud.Admin.Delete($"/identity/v3/registered_limits/{(string)registered["id"]!}")).Is(204);
        Assert.Equal("flat", (string?)(await member.Get("/identity/v3/limits/model")).Is(200)["model"]["name"]);
    }
}
