using System.Text.Json.Nodes;
using Xiangyun.Testing;
using static Xiangyun.Api.Audit.Asked;

namespace Xiangyun.Api.Audit;

public sealed class ToldOnSqlite() : Told("sqlite");
public sealed class ToldOnPostgres() : Told("postgres");

/// <summary>What the audit log tells: who, where from, before and after, and what was refused; and to whom.</summary>
public abstract class Told(string database) : CloudTests(database)
{
    private const string Networks = "/network/v2.0/networks";

    [Fact]
    public async Task a_write_tells_who_from_where_and_the_object_before_and_after()
    {
        var member = (await Cloud.NewProject()).With("User-Agent", "tester/1.0");
        var made = (await member.Post(Networks, new { network = new { name = "old" } })).Is(201);
        var id = (string)made["network"]["id"]!;
        var changed = (await member.Put($"{Networks}/{id}", new { network = new { name = "new" } })).Is(200);
        (await member.Delete($"{Networks}/{id}")).Is(204);
        var told = await Records(Cloud, Cloud.Auditor, $"object={id}");
        Assert.Equal(["network.delete", "network.update", "network.create"], told.Select(r => (string)r["action"]!));
        var update = told[1];
        Assert.Equal((member.UserId, member.UserName, "default", "project", member.ProjectId, "127.0.0.1", "tester/1.0", changed.Header("x-openstack-request-id"), "success"),
            ((string)update["user_id"]!, (string)update["user_name"]!, (string)update["domain_id"]!, (string)update["scope"]!, (string)update["project_id"]!, (string)update["remote"]!, (string)update["agent"]!, (string)update["request_id"]!, (string)update["result"]!));
        Assert.Equal(["member", "reader"], update["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(("""{"name":"old"}""", """{"name":"new"}"""), (update["before"]!.ToJsonString(), update["after"]!.ToJsonString()));
        Assert.Equal((null, "old"), (told[2]["before"], (string)told[2]["after"]!["name"]!));
        Assert.Equal(("new", null), ((string)told[0]["before"]!["name"]!, told[0]["after"]));
        Assert.Equal(id, (string)(await One(Cloud, Cloud.Auditor, $"request={made.Header("x-openstack-request-id")}"))["object_id"]!);
    }

    [Fact]
    public async Task what_was_refused_is_told_with_its_request_id()
    {
        var (owner, stranger) = (await Cloud.NewProject(), await Cloud.NewProject("reader"));
        var id = (string)(await owner.Post(Networks, new { network = new { name = "mine" } })).Is(201)["network"]["id"]!;
        var attempts = new List<(Reply Reply, string Action, string User)>
        {
            (await stranger.Post(Networks, new { network = new { name = "x" } }), "network.create", stranger.UserId),
            (await stranger.Get($"{Networks}/{id}"), "network:network:read", stranger.UserId),
            (await owner.Post(Networks, new { network = new { name = 7 } }), "network.create", owner.UserId),
            (await owner.Delete($"{Networks}/{Kernel.Id.New()}"), "network.delete", owner.UserId),
            (await Cloud.Nobody.Delete($"{Networks}/{id}"), "network.delete", ""),
            (await stranger.Get("/xiangyun/v1/hosts"), "fleet:list_hosts", stranger.UserId),
        };
        Assert.Equal([403, 404, 400, 404, 401, 403], attempts.Select(a => a.Reply.Status));
        foreach (var (reply, action, user) in attempts)
        {
            var record = await One(Cloud, Cloud.Auditor, $"request={reply.Header("x-openstack-request-id")}");
            Assert.Equal((action, user, "refused", (long)reply.Status), ((string)record["action"]!, (string)record["user_id"]!, (string)record["result"]!, (long)record["status"]!));
        }
        Assert.Equal(id, (string)(await One(Cloud, Cloud.Auditor, $"request={attempts[4].Reply.Header("x-openstack-request-id")}"))["object_id"]!);
        var good = await owner.Get($"{Networks}/{id}");
        Assert.Empty(await Records(Cloud, Cloud.Auditor, $"request={good.Header("x-openstack-request-id")}"));
    }

    [Fact]
    public async Task a_failed_sign_in_is_told_once_and_no_secret_is_told_at_all()
    {
        const string secret = "verySecretWord4711";
        var user = (await Cloud.Admin.Post("/identity/v3/users", new { user = new { name = Cloud.Name("keeper"), domain_id = "default", password = secret, email = secret + "@example.org" } })).Is(201);
        var id = (string)user["user"]["id"]!;
        (await Cloud.Admin.Patch($"/identity/v3/users/{id}", new { user = new { password = secret + "2" } })).Is(200);
        var wrong = await Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id, password = secret + "3" } } } } });
        var odd = await Cloud.Nobody.Post("/identity/v3/auth/tokens", new { auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id, password = new[] { secret } } } } } });
        Assert.Equal((401, 400), (wrong.Status, odd.Status));
        Assert.Equal("token.refused", (string)(await One(Cloud, Cloud.Auditor, $"request={wrong.Header("x-openstack-request-id")}"))["action"]!);
        Assert.Equal("token.create", (string)(await One(Cloud, Cloud.Auditor, $"request={odd.Header("x-openstack-request-id")}"))["action"]!);
        var all = await Records(Cloud, Cloud.Auditor, $"object={id}");
        Assert.Equal("***", (string)all.Single(r => (string)r["action"]! == "user.create")["after"]!["password_hash"]!);
        Assert.DoesNotContain(secret, string.Join("", all.Append(await One(Cloud, Cloud.Auditor, $"request={odd.Header("x-openstack-request-id")}")).Select(r => r.ToJsonString())).Replace(secret + "@example.org", ""));
    }

    [Fact]
    public async Task a_bureau_reads_its_own_and_what_others_did_to_its_things()
    {
        var ((one, oneId), (two, twoId)) = (await Bureau(Cloud), await Bureau(Cloud));
        var project = (string)(await one.Post("/identity/v3/projects", new { project = new { name = "office", domain_id = oneId } })).Is(201)["project"]["id"]!;
        (await Cloud.Admin.Patch($"/identity/v3/projects/{project}", new { project = new { description = "by the city" } })).Is(200);
        await Chained(Cloud);
        Assert.Equal(["project.update", "project.create"], (await Records(Cloud, one, $"object={project}")).Select(r => (string)r["action"]!));
        Assert.Empty(await Records(Cloud, two, $"object={project}"));
        Assert.All(await Records(Cloud, two, "limit=1000"), r => Assert.True((string?)r["domain_id"] == twoId || (string?)r["object_domain_id"] == twoId, r.ToJsonString()));
        var record = (string)(await Records(Cloud, one, $"object={project}"))[0]["id"]!;
        (await two.Get($"/xiangyun/v1/audit/records/{record}")).Is(404);
        (await one.Get($"/xiangyun/v1/audit/records/{record}")).Is(200);
        (await (await Cloud.NewProject()).Get("/xiangyun/v1/audit/records")).Is(403);
        (await one.Put("/xiangyun/v1/audit/retention", new { retention = new { days = 400 } })).Is(403);
    }

    [Fact]
    public async Task a_projects_manager_reads_of_the_project_and_all_below_it()
    {
        var manager = await Cloud.NewProject("manager");
        var child = (string)(await Cloud.Admin.Post("/identity/v3/projects", new { project = new { name = Cloud.Name("child"), domain_id = "default", parent_id = manager.ProjectId } })).Is(201)["project"]["id"]!;
        var member = await Cloud.NewProject("member", child);
        var id = (string)(await member.Post(Networks, new { network = new { name = "below" } })).Is(201)["network"]["id"]!;
        Assert.Single(await Records(Cloud, manager, $"object={id}"));
        Assert.Empty(await Records(Cloud, await Cloud.NewProject("manager"), $"object={id}"));
    }

    [Fact]
    public async Task filters_and_pages_find_each_record_once()
    {
        var member = await Cloud.NewProject();
        for (var i = 0; i < 7; i++) (await member.Post(Networks, new { network = new { name = $"n{i}" } })).Is(201);
        var filter = $"user={member.UserName}&action=network.*&result=success&project={member.ProjectId}&from=2026-01-01T00:00:00Z&kind=network";
        await Chained(Cloud);
        var (found, next) = (new List<string>(), $"/xiangyun/v1/audit/records?{filter}&limit=3");
        while (next is not null)
        {
            var page = (await Cloud.Auditor.Get(next)).Is(200);
            found.AddRange(page["records"].AsArray().Select(r => (string)r!["after"]!["name"]!));
            next = (string?)page.Json["next"] is { } link ? new Uri(link).PathAndQuery : null;
        }
        Assert.Equal(["n6", "n5", "n4", "n3", "n2", "n1", "n0"], found);
        Assert.Empty(await Records(Cloud, Cloud.Auditor, filter + "&to=2026-01-01T00:00:00Z"));
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/records?colour=red")).Is(400);
        (await Cloud.Auditor.Get("/xiangyun/v1/audit/records?from=yesterday")).Is(400);
    }
}
