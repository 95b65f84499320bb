using System.Text.Json.Nodes;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class DemandsOnSqlite() : Demands("sqlite");
public sealed class DemandsOnPostgres() : Demands("postgres");

/// <summary>What an organisation demands holds below it, and nobody below loosens it.</summary>
public abstract class Demands(string database) : CloudTests(database)
{
    [Fact, Proves("GET /xiangyun/v1/organisations/{id}/approval-rules"), Proves("DELETE /xiangyun/v1/organisations/{id}/approval-rules")]
    public async Task a_large_create_needs_a_request_and_the_bureau_decides_about_it()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        (await chief.Rules(bureau, [new { role = "manager", at = "domain" }], [new { resource = "volume.gigabytes", over = 5 }])).Is(200);
        var (asker, head) = (await Cloud.NewProject("member", project), await Cloud.NewProject("manager", project));
        (await asker.Post("/volume/v3/volumes", new { volume = new { size = 5 } })).Is(202);
        var refused = (await asker.Post("/volume/v3/volumes", new { volume = new { size = 6 } })).Is(403);
        Assert.Contains("/xiangyun/v1/requests", refused.Json.ToJsonString());
        Assert.Equal(1, await asker.Volumes());
        Assert.True((bool)(await asker.Post("/volume/v3/volumes?dry_run=true", new { volume = new { size = 6 } })).Is(200)["approvals"]["needed"]!);
        (await head.Rules(project, [], [])).Is(403);
        (await head.Delete($"{Asking.Own}/organisations/{project}/approval-rules")).Is(403);
        Assert.Equal(bureau, (string)(await head.Get($"{Asking.Own}/organisations/{project}/approval-rules")).Is(200)["from"]!);
        var request = (await asker.AskVolume(6)).Is(201)["request"];
        (await head.Decide(request)).Is(403);
        (await chief.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
        (await chief.Delete($"{Asking.Own}/organisations/{bureau}/approval-rules")).Is(204);
        (await asker.Post("/volume/v3/volumes", new { volume = new { size = 6 } })).Is(202);
    }

    [Fact]
    public async Task where_a_second_person_is_wanted_nobody_deletes_alone_not_even_the_clouds_administrator()
    {
        var asker = await Cloud.NewProject();
        var manager = await Cloud.NewUser(asker, "manager");
        (await manager.Rules(asker.ProjectId, [new { role = "manager", at = "project" }], [new { deletes = "volume" }])).Is(200);
        (await manager.Rules(asker.ProjectId, [], [new { deletes = "moon" }])).Is(400);
        var id = (string)(await asker.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await asker.Get($"/volume/v3/volumes/{id}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        Assert.Contains("second person", (await asker.Delete($"/volume/v3/volumes/{id}")).Is(403).Json.ToJsonString());
        (await Cloud.Admin.Delete($"/volume/v3/volumes/{id}")).Is(403);
        (await Cloud.Admin.Post($"/volume/v3/volumes/{id}/action", new Dictionary<string, object> { ["os-force_delete"] = new { } })).Is(403);
        var ask = new { request = new { kind = "deletion", wish = new { kind = "volume", id } } };
        (await (await Cloud.NewProject()).Post($"{Asking.Own}/requests", ask)).Is(404);
        var request = (await asker.Post($"{Asking.Own}/requests", ask)).Is(201)["request"];
        Assert.Equal("high", (string)request["plan"]!["risk"]!["class"]!);
        Assert.Equal(1, await asker.Volumes());
        (await manager.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
        await Wait.Until("the volume is gone", async () => (await asker.Get($"/volume/v3/volumes/{id}")).Status == 404);
    }

    [Fact]
    public async Task quota_and_rights_are_asked_for_below_and_given_in_the_approvers_name()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        (await Cloud.Admin.Put($"{Asking.Own}/organisations/{bureau}/quotas", new { quotas = new Dictionary<string, long> { ["volume.gigabytes"] = 50 } })).Is(200);
        var asker = await Cloud.NewProject("member", project);
        var ask = new { request = new { kind = "quota", wish = new { organisation_id = project, quotas = new Dictionary<string, long> { ["volume.gigabytes"] = 20 } } } };
        (await asker.Post($"{Asking.Own}/requests", ask)).Is(409);
        (await chief.Rules(bureau, [new { role = "manager", at = "domain" }])).Is(200);
        var request = (await asker.Post($"{Asking.Own}/requests", ask)).Is(201)["request"];
        Assert.Equal("medium", (string)request["plan"]!["risk"]!["class"]!);
        (await chief.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
        Assert.Contains(20, (await chief.Get($"{Asking.Own}/organisations/{project}/quotas")).Is(200)["quotas"].AsArray().Select(r => (int?)r!["granted"] ?? 0));
        var stranger = await Cloud.NewProject();
        (await stranger.Post($"{Asking.Own}/requests", ask)).Is(404);

        var role = (string)(await Cloud.Admin.Get("/identity/v3/roles?name=reader")).Is(200)["roles"].AsArray().Single()!["id"]!;
        var colleague = await chief.Make("user", new { name = Cloud.Name("colleague"), domain_id = bureau });
        object Right(string user) => new { request = new { kind = "right", wish = new { project_id = project, user_id = user, role_id = role } } };
        (await asker.Post($"{Asking.Own}/requests", Right(stranger.UserId))).Is(404);
        var right = (await asker.Post($"{Asking.Own}/requests", Right(colleague))).Is(201)["request"];
        (await chief.Head($"/identity/v3/projects/{project}/users/{colleague}/roles/{role}")).Is(404);
        (await chief.Decide(right)).Is(200);
        await asker.Becomes(right, "done");
        (await chief.Head($"/identity/v3/projects/{project}/users/{colleague}/roles/{role}")).Is(204);
    }

    [Fact, Proves("GET /xiangyun/v1/price-list"), Proves("PUT /xiangyun/v1/price-list")]
    public async Task a_plan_that_costs_something_else_by_now_goes_back()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = Cloud.Shape.Database, Hosts = 1 }); // its prices are everybody's
        var asker = await cloud.NewProject();
        var manager = await cloud.NewUser(asker, "manager");
        (await manager.Rules(asker.ProjectId, [new { user_ids = new[] { manager.UserId } }])).Is(200);
        var list = (await asker.Get($"{Asking.Own}/price-list")).Is(200)["price_list"];
        (await manager.Put($"{Asking.Own}/price-list", new { price_list = new { currency = "CNY", large_cost = 1, per_unit = new { } } })).Is(403);
        var request = (await asker.AskVolume()).Is(201)["request"];
        var prices = list["per_unit"]!.DeepClone().AsObject();
        prices["volume.volumes"] = 7;
        (await cloud.Admin.Put($"{Asking.Own}/price-list", new { price_list = new { currency = "CNY", large_cost = (long)list["large_cost"]!, per_unit = prices } })).Is(200);
        (await manager.Decide(request)).Is(200);
        Assert.Contains("cost", (string)(await asker.Becomes(request, "returned"))["error"]!);
        Assert.Equal(0, await asker.Volumes());
    }
}
