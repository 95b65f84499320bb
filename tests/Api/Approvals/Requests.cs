using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Api.Identity;
using Xiangyun.Approvals.Requests;
using Xiangyun.Kernel;
using Xiangyun.Reconcile;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class RequestsOnSqlite() : Requests("sqlite");
public sealed class RequestsOnPostgres() : Requests("postgres");

/// <summary>Who asks gets exactly what others approved, once; nobody gets past them.</summary>
public abstract class Requests(string database) : CloudTests(database)
{
    private static readonly object[] ByManager = [new { role = "manager", at = "project" }];

    /// <summary>A project where its manager decides: who asks, who decides, and another manager.</summary>
    private async Task<(Client Asker, Client Manager, Client Other)> Office(object[]? steps = null)
    {
        var asker = await Cloud.NewProject();
        var (manager, other) = (await Cloud.NewUser(asker, "manager"), await Cloud.NewUser(asker, "manager"));
        (await manager.Rules(asker.ProjectId, steps ?? ByManager)).Is(200);
        return (asker, manager, other);
    }

    [Fact, Proves("POST /xiangyun/v1/requests"), Proves("GET /xiangyun/v1/requests/{id}"), Proves("POST /xiangyun/v1/requests/{id}/decisions"), Proves("PUT /xiangyun/v1/organisations/{id}/approval-rules"), Proves("GET /xiangyun/v1/requests")]
    public async Task what_was_approved_is_made_by_itself_once_and_the_request_tells_what()
    {
        var (asker, manager, _) = await Office();
        var reply = (await asker.AskVolume(3)).Is(201);
        var request = reply["request"];
        Assert.Equal("waiting", (string)request["state"]!);
        var (plan, change) = (request["plan"]!, reply["around"]["quota_change"]!.AsArray().Single(a => (string)a!["resource"]! == "volume.gigabytes")!);
        Assert.Equal((150, "low", 0, 3), ((int)plan["cost"]!["sum"]!, (string)plan["risk"]!["class"]!, (int)change["used_before"]!, (int)change["used_after"]!));
        Assert.Equal(0, await asker.Volumes());
        Assert.Equal((string)request["id"]!, (string)(await manager.Get($"{Asking.Own}/requests?to_decide=true&organisation_id={asker.ProjectId}")).Is(200)["requests"].AsArray().Single()!["id"]!);
        (await manager.Decide(request)).Is(200);
        var done = await asker.Becomes(request, "done");
        var made = done["outcome"]!["made"]!.AsArray().Single()!;
        var volume = (await asker.Get($"/volume/v3/volumes/{(string)made["id"]!}")).Is(200)["volume"];
        Assert.Equal((3, asker.UserId), ((int)volume["size"]!, (string)volume["user_id"]!));

        var worker = Cloud.Services.GetServices<IReconciler>().Single(r => r.Kind == "request");
        for (var i = 0; i < 3; i++) await worker.Reconcile((string)request["id"]!, default);
        (await manager.Decide(request)).Is(409);
        Assert.Equal(1, await asker.Volumes());
        Assert.Empty((await manager.Get($"{Asking.Own}/requests?to_decide=1&organisation_id={asker.ProjectId}")).Is(200)["requests"].AsArray());
        Assert.Single((await asker.Get($"{Asking.Own}/requests?mine=true&state=done&kind=volume")).Is(200)["requests"].AsArray());
    }

    [Fact]
    public async Task two_workers_at_once_and_a_crash_in_between_make_one_volume()
    {
        var (asker, manager, _) = await Office();
        var request = (await asker.AskVolume()).Is(201)["request"];
        (await manager.Decide(request)).Is(200);
        var worker = Cloud.Services.GetServices<IReconciler>().Single(r => r.Kind == "request");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var killed = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 40)));
            try
            {
                await worker.Reconcile((string)request["id"]!, killed.Token);
            }
            catch (Exception e) when (e is CloudError or OperationCanceledException)
            {
                // Killed, or another one was quicker: the work table would come again.
            }
        }));
        await asker.Becomes(request, "done");
        Assert.Equal(1, await asker.Volumes());
    }

    [Fact]
    public async Task nobody_approves_himself_nor_another_plan_nor_without_the_role_nor_two_steps()
    {
        var (asker, manager, other) = await Office([new { role = "manager", at = "project" }, new { role = "manager", at = "project" }]);
        var request = (await manager.AskVolume()).Is(201)["request"];
        (await manager.Decide(request)).Is(403);
        (await asker.Decide(request)).Is(404);
        (await other.Decide(request, hash: new string('0', 64))).Is(409);
        (await other.Decide(request)).Is(200);
        (await other.Decide(request)).Is(403);
        var third = await Cloud.NewUser(asker, "manager");
        (await third.Decide(request)).Is(200);
        await manager.Becomes(request, "done");
        var stranger = await Cloud.NewProject("manager");
        (await stranger.Get($"{Asking.Own}/requests/{(string)request["id"]!}")).Is(404);
        (await stranger.Decide(request)).Is(404);
        (await stranger.Get($"{Asking.Own}/requests/{Id.New()}")).Is(404);
        (await stranger.Rules(asker.ProjectId, [])).Is(404);
    }

    [Fact]
    public async Task who_belongs_to_a_group_decides_for_as_long_as_it_does()
    {
        var (asker, manager, _) = await Office();
        var (first, second) = (await Cloud.NewUser(asker, "reader"), await Cloud.NewUser(asker, "reader"));
        var group = await Cloud.Admin.Make("group", new { name = Cloud.Name("board"), domain_id = "default" });
        (await manager.Rules(asker.ProjectId, [new { }])).Is(400);
        (await manager.Rules(asker.ProjectId, [new { group_ids = new[] { group } }])).Is(200);
        var request = (await asker.AskVolume()).Is(201)["request"];
        (await first.Decide(request)).Is(404);
        foreach (var who in new[] { first, second, asker }) (await Cloud.Admin.Put($"/identity/v3/groups/{group}/users/{who.UserId}")).Is(204);
        (await asker.Decide(request)).Is(403);
        (await Cloud.Admin.Delete($"/identity/v3/groups/{group}/users/{second.UserId}")).Is(204);
        (await second.Decide(request)).Is(404);
        (await first.Decide(request)).Is(200);
        await asker.Becomes(request, "done");
    }

    [Fact]
    public async Task of_two_who_decide_at_once_one_is_told()
    {
        var (asker, manager, other) = await Office();
        var request = (await asker.AskVolume()).Is(201)["request"];
        var replies = await Task.WhenAll(manager.Decide(request), other.Decide(request, "refuse"), manager.Decide(request), other.Decide(request));
        Assert.Single(replies, r => r.Status == 200);
        Assert.All(replies, r => Assert.Contains(r.Status, new[] { 200, 403, 409 }));
        Assert.Single((await asker.Get($"{Asking.Own}/requests/{(string)request["id"]!}")).Is(200)["request"]!["decisions"]!.AsArray());
    }

    [Fact, Proves("PUT /xiangyun/v1/requests/{id}")]
    public async Task a_changed_wish_begins_anew_and_an_old_approval_is_worth_nothing()
    {
        var (asker, manager, other) = await Office([new { role = "manager", at = "project" }, new { role = "manager", at = "project" }]);
        var request = (await asker.AskVolume(1)).Is(201)["request"];
        (await manager.Decide(request)).Is(200);
        (await other.Decide(request, "return", comment: "")).Is(400);
        (await other.Decide(request, "return", comment: "too small")).Is(200);
        var changed = (await asker.Put($"{Asking.Own}/requests/{(string)request["id"]!}", new { request = new { wish = new { volume = new { size = 2 } } } })).Is(200)["request"];
        Assert.Equal((2, 0), ((int)changed["revision"]!, (int)changed["step"]!));
        Assert.NotEqual((string)request["plan_hash"]!, (string)changed["plan_hash"]!);
        (await manager.Decide(request)).Is(409);
        (await other.Decide(changed)).Is(200);
        (await manager.Decide(changed)).Is(200);
        await asker.Becomes(request, "done");
        (await manager.Put($"{Asking.Own}/requests/{(string)request["id"]!}", new { request = new { wish = new { volume = new { size = 9 } } } })).Is(403);
    }

    [Fact, Proves("POST /xiangyun/v1/requests/{id}/retry"), Proves("POST /xiangyun/v1/requests/{id}/withdraw")]
    public async Task what_the_service_refuses_is_refused_at_once_and_later_the_request_fails_with_its_words()
    {
        var (asker, manager, _) = await Office();
        (await asker.AskVolume(60_000)).Is(403);
        var request = (await asker.AskVolume(5)).Is(201)["request"];
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{asker.ProjectId}", new { quota_set = new { gigabytes = 1 } })).Is(200);
        (await manager.Decide(request)).Is(200);
        Assert.Contains("Quota exceeded", (string)(await asker.Becomes(request, "failed"))["error"]!);
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{asker.ProjectId}", new { quota_set = new { gigabytes = 10 } })).Is(200);
        (await manager.Post($"{Asking.Own}/requests/{(string)request["id"]!}/retry")).Is(403);
        (await asker.Post($"{Asking.Own}/requests/{(string)request["id"]!}/retry")).Is(200);
        await asker.Becomes(request, "done");
        var second = (await asker.AskVolume()).Is(201)["request"];
        (await asker.Post($"{Asking.Own}/requests/{(string)second["id"]!}/withdraw")).Is(200);
        (await manager.Decide(second)).Is(409);
        Assert.Equal(1, await asker.Volumes());
    }

    [Fact]
    public async Task when_the_requester_has_lost_its_role_nothing_is_made()
    {
        var (asker, manager, _) = await Office();
        var request = (await asker.AskVolume()).Is(201)["request"];
        (await Cloud.Admin.Patch($"/identity/v3/users/{asker.UserId}", new { user = new { enabled = false } })).Is(200);
        (await manager.Decide(request)).Is(200);
        Assert.Contains("no longer", (string)(await manager.Becomes(request, "failed"))["error"]!);
        Assert.Equal(0, await manager.Volumes());
    }

    [Fact]
    public async Task a_server_is_planned_with_its_hosts_and_made_with_its_approval()
    {
        var (asker, manager, _) = await Office();
        var flavor = (string)(await Cloud.Admin.Post("/compute/v2.1/flavors", new { flavor = new { name = Cloud.Name("f"), ram = 64, vcpus = 2, disk = 1 } })).Is(200)["flavor"]["id"]!;
        var image = (string)(await asker.Post("/image/v2/images", new { name = Cloud.Name("i"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await asker.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
        var wish = new { server = new { name = "asked", imageRef = image, flavorRef = flavor, networks = Array.Empty<object>() } };
        var reply = (await asker.Post($"{Asking.Own}/requests", new { request = new { kind = "server", wish } })).Is(201);
        Assert.True((bool)reply["around"]["placeable"]!);
        Assert.Equal(2, (int)reply["request"]["plan"]!["adds"]!.AsArray().Single(a => (string)a!["resource"]! == "compute.cores")!["amount"]!);
        Assert.Empty((await asker.Get("/compute/v2.1/servers")).Is(200)["servers"].AsArray());
        (await manager.Decide(reply["request"])).Is(200);
        await asker.Becomes(reply["request"], "done");
        var server = (string)(await asker.Get("/compute/v2.1/servers")).Is(200)["servers"].AsArray().Single()!["id"]!;
        await Wait.For("the server runs", async () => (await asker.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"], v => (string)v["status"]! == "ACTIVE");
    }

    [Fact]
    public async Task without_steps_a_request_is_carried_out_directly()
    {
        var asker = await Cloud.NewProject();
        var request = (await asker.AskVolume()).Is(201)["request"];
        await asker.Becomes(request, "done");
        Assert.Equal(1, await asker.Volumes());
    }
}
