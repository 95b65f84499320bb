using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Identity;
using Xiangyun.Store.Tasks;
using Xiangyun.Testing;

namespace Xiangyun.Api.Capacity;

public sealed class RightSizingOnSqlite() : RightSizing("sqlite");
public sealed class RightSizingOnPostgres() : RightSizing("postgres");

/// <summary>Advice from what was measured, a bureau's word, its hours, and back again when it hurts.</summary>
public abstract class RightSizing(string database) : CloudTests(database)
{
    private const string Own = Loads.Own;
    private static readonly object Usual = new { least_days = 1, watch_seconds = 3600, watch_least = 1, quiet_seconds = 3600, cpu_full = 99 };

    private async Task<(string Server, string Large, string Small)> Server(Client who, int vcpus = 8, int ram = 2048)
    {
        var (network, large, small, image) = (await who.NewNetwork(), await Cloud.NewFlavor(vcpus, ram), await Cloud.NewFlavor(1, 512), await Cloud.NewImage());
        var id = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody(Cloud.Name("sized"), large, image, network))).Is(202)["server"]["id"]!;
        Assert.Equal("ACTIVE", (string)(await who.Settled(id))["server"]["status"]!);
        return (id, large, small);
    }

    private async Task<JsonNode> Proposed(Client who, string server)
    {
        (await who.Post(Own + "/survey", new { })).Is(202);
        return (await Wait.For("something is advised", async () => (await who.Get($"{Own}/advice?server_id={server}&state=proposed")).Is(200)["advice"].AsArray(), a => a.Count == 1))[0]!;
    }

    private static Task<JsonNode> Becomes(Client who, string advice, string state, int seconds = 90) =>
        Wait.For($"the advice is {state}", async () => (await who.Get($"{Own}/advice/{advice}")).Is(200)["advice"], a => (string)a["state"]! == state, TimeSpan.FromSeconds(seconds));

    private static async Task<string> Flavor(Client who, string server) => (string)(await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"]["flavor"]!["id"]!;

    [Fact, Proves("GET /xiangyun/v1/capacity/advice"), Proves("GET /xiangyun/v1/capacity/advice/{id}"), Proves("POST /xiangyun/v1/capacity/advice/{id}/accept"), Proves("POST /xiangyun/v1/capacity/survey"), Proves("GET /xiangyun/v1/capacity/settings"), Proves("PUT /xiangyun/v1/capacity/settings")]
    public async Task a_large_calm_server_is_advised_a_smaller_one_resized_watched_and_done()
    {
        await Cloud.Settings(new { least_days = 1, watch_seconds = 2, watch_least = 288, quiet_seconds = 3600 });
        var who = await Cloud.NewProject();
        var (server, large, _) = await Server(who);
        Cloud.Remember(server, Loads.Past(10, 5, 20));
        var advice = await Proposed(who, server);
        var id = (string)advice["id"]!;
        Assert.Equal(("down", large), ((string)advice["kind"]!, (string)advice["from"]!["id"]!));
        Assert.True((long)advice["saves"]!["cost"]! > 0 && (long)advice["to"]!["ram_mib"]! >= 512);
        Assert.Equal((5, 20, "large"), ((int)advice["evidence"]!["cpu"]!["p95"]!, (int)advice["evidence"]!["memory"]!["peak"]!, (string)advice["evidence"]!["cpu"]!["why"]!));
        Assert.InRange((int)advice["evidence"]!["days"]!, 9, 10);
        var stranger = await Cloud.NewProject();
        (await stranger.Get($"{Own}/advice/{id}")).Is(404);
        (await stranger.Post($"{Own}/advice/{id}/accept", new { accept = new { } })).Is(404);
        Assert.Empty((await stranger.Get(Own + "/advice")).Is(200)["advice"].AsArray());
        (await (await Cloud.NewUser(who, "reader")).Post($"{Own}/advice/{id}/accept", new { accept = new { } })).Is(403);
        (await Cloud.Admin.Post($"{Own}/advice/{id}/accept", new { accept = new { } })).Is(403); // whoever runs the cloud decides for nobody
        Assert.Contains((await Cloud.Admin.Get($"{Own}/advice?project_id={who.ProjectId}")).Is(200)["advice"].AsArray(), a => (string)a!["id"]! == id);
        (await who.Put(Own + "/settings", new { settings = new { least_days = 0 } })).Is(403);
        (await Cloud.Admin.Put(Own + "/settings", new { settings = new { least_days = 99 } })).Is(400);
        Assert.Equal(1, (int)(await who.Get(Own + "/settings")).Is(200)["settings"]["least_days"]!);

        (await who.Post($"{Own}/advice/{id}/accept", new { accept = new { now = true } })).Is(202);
        (await who.Post($"{Own}/advice/{id}/accept", new { accept = new { now = true } })).Is(409);
        await Becomes(who, id, "done");
        var after = (await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"];
        Assert.Equal(((string)advice["to"]!["id"]!, "ACTIVE"), ((string)after["flavor"]!["id"]!, (string)after["status"]!));
        string[] verbs = ["capacity_advice.accept", "capacity_advice.resize", "capacity_advice.confirm", "capacity_advice.done"];
        await Wait.For("every step has its place in the audit log", async () => (await Cloud.Auditor.Get($"/xiangyun/v1/audit/records?object={id}&limit=100")).Is(200).Text, told => verbs.All(told.Contains));
    }

    [Fact, Proves("POST /xiangyun/v1/capacity/advice/{id}/dismiss"), Proves("POST /xiangyun/v1/capacity/advice/{id}/undo")]
    public async Task what_hurts_is_taken_back_by_itself_and_does_not_come_again()
    {
        await Cloud.Settings(Usual);
        var who = await Cloud.NewProject();
        var (server, large, _) = await Server(who);
        Cloud.Remember(server, Loads.Past(10, 5, 20));
        var id = (string)(await Proposed(who, server))["id"]!;
        (await who.Post($"{Own}/advice/{id}/accept", new { accept = new { now = true } })).Is(202);
        await Becomes(who, id, "watching");
        Assert.NotEqual(large, await Flavor(who, server));
        var tasks = Cloud.Services.GetServices<ITaskSource>().Single(s => s.Name == "advice");
        var task = (await Cloud.Database.Read(q => tasks.Of(q, new TaskSought([who.ProjectId!], 0, 10)))).Single();
        Assert.Equal(("advice." + id, TaskStates.Running, "sizing_watched", server), (task.Id, task.State, task.Stage, task.ObjectId));
        Assert.Equal([TaskVerbs.Undo], task.Can);
        Cloud.Remember(server, Loads.Past(1, 5, 20).Now(100));
        await Cloud.Wake("capacity.advice", id);
        var undone = await Becomes(who, id, "undone");
        Assert.Contains("CPU use 100", (string)undone["why"]!);
        Assert.Equal(large, await Flavor(who, server));
        Assert.Equal("ACTIVE", (string)(await who.Settled(server))["server"]["status"]!);
        Cloud.Remember(server, Loads.Past(10, 5, 20));
        (await who.Post(Own + "/survey", new { })).Is(202);
        await Task.Delay(2000);
        Assert.Empty((await who.Get($"{Own}/advice?server_id={server}&state=proposed")).Is(200)["advice"].AsArray());

        var (other, big, _) = await Server(await Cloud.NewUser(who, "member"));
        Cloud.Remember(other, Loads.Past(10, 5, 20));
        var second = (string)(await Proposed(who, other))["id"]!;
        var refused = (await who.Post($"{Own}/advice/{second}/dismiss", new { dismiss = new { reason = "tax season", days = 90 } })).Is(200)["advice"];
        Assert.Equal(("dismissed", "tax season"), ((string)refused["state"]!, (string)refused["why"]!));
        (await who.Post($"{Own}/advice/{second}/undo", new { undo = new { } })).Is(409);
        (await who.Post($"{Own}/advice/{second}/accept", new { accept = new { now = true } })).Is(202);
        await Becomes(who, second, "watching");
        (await who.Post($"{Own}/advice/{second}/undo", new { undo = new { reason = "the boss says so" } })).Is(202);
        Assert.Equal("the boss says so", (string)(await Becomes(who, second, "undone"))["why"]!);
        Assert.Equal(big, await Flavor(who, other));
    }

    [Fact, Proves("PUT /xiangyun/v1/capacity/windows/{id}"), Proves("GET /xiangyun/v1/capacity/windows/{id}"), Proves("DELETE /xiangyun/v1/capacity/windows/{id}")]
    public async Task a_bureau_accepts_for_its_systems_and_its_hours_are_waited_for()
    {
        await Cloud.Settings(Usual);
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var who = await Cloud.NewProject("member", project);
        var (server, large, _) = await Server(who);
        Cloud.Remember(server, Loads.Past(10, 5, 20));
        var id = (string)(await Proposed(who, server))["id"]!;
        var later = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).AddHours(3);
        string Clock(DateTimeOffset at) => at.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        (await who.Put($"{Own}/windows/{project}", new { window = new { from = "01:00", to = "05:00" } })).Is(403);
        (await chief.Put($"{Own}/windows/{bureau}", new { window = new { days = new[] { "moon" }, from = "01:00", to = "05:00" } })).Is(400);
        (await chief.Put($"{Own}/windows/{bureau}", new { window = new { from = Clock(later), to = Clock(later.AddHours(2)) } })).Is(200);
        Assert.Equal(bureau, (string)(await who.Get($"{Own}/windows/{project}")).Is(200)["from"]!);
        Assert.InRange((long)(await who.Get($"{Own}/windows/{project}")).Is(200)["window"]["opens_in_seconds"]!, 2 * 3600, 3 * 3600);
        (await chief.Post($"{Own}/advice/{id}/accept", new { accept = new { } })).Is(202);
        await Task.Delay(2000);
        Assert.Equal("accepted", (string)(await chief.Get($"{Own}/advice/{id}")).Is(200)["advice"]["state"]!);
        Assert.Equal(large, await Flavor(who, server));
        (await chief.Delete($"{Own}/windows/{bureau}")).Is(204);
        (await chief.Delete($"{Own}/windows/{bureau}")).Is(404);
        await Cloud.Wake("capacity.advice", id);
        await Becomes(chief, id, "watching");
        Assert.NotEqual(large, await Flavor(who, server));
        (await (await Cloud.NewProject()).Get($"{Own}/windows/{project}")).Is(404);
    }

    [Fact]
    public async Task a_larger_one_goes_the_way_of_a_request_where_the_organisation_wants_that()
    {
        await Cloud.Settings(Usual);
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var who = await Cloud.NewProject("member", project);
        await Cloud.NewFlavor(4, 2048);
        var (server, small, _) = await Server(who, 2, 1024);
        (await chief.Rules(bureau, [new { role = "manager", at = "domain" }], [new { resource = "compute.cores", over = 0 }])).Is(200);
        Cloud.Remember(server, Loads.Past(10, 100, 60));
        var advice = await Proposed(who, server);
        Assert.Equal(("up", "full"), ((string)advice["kind"]!, (string)advice["evidence"]!["cpu"]!["why"]!));
        var asked = (await who.Post($"{Own}/advice/{(string)advice["id"]!}/accept", new { accept = new { } })).Is(202)["advice"];
        Assert.Equal("asked", (string)asked["state"]!);
        Assert.Equal(small, await Flavor(who, server));
        var request = (await chief.Get($"{Asking.Own}/requests/{(string)asked["request_id"]!}")).Is(200)["request"];
        Assert.Equal("resize", (string)request["kind"]!);
        Cloud.Remember(server, Loads.Past(1, 5, 20));
        (await chief.Decide(request)).Is(200);
        await who.Becomes(request, "done");
        await Cloud.Wake("capacity.advice", (string)advice["id"]!);
        await Becomes(who, (string)advice["id"]!, "watching");
        Assert.Equal((string)advice["to"]!["id"]!, await Flavor(who, server));
    }

    [Fact, Proves("GET /xiangyun/v1/telemetry/servers/{id}/profile")]
    public async Task an_owner_reads_what_its_server_is_like_and_which_others_are_beside_it()
    {
        var who = await Cloud.NewProject();
        var (server, _, _) = await Server(who);
        var (beside, _, _) = await Server(await Cloud.NewUser(who, "member"));
        var path = $"/xiangyun/v1/telemetry/servers/{server}/profile";
        Cloud.Remember(server, Loads.Past(10, 40, 30, wait: 2, disk: 4000));
        var profile = (await who.Get(path)).Is(200)["profile"];
        Assert.Equal((40.0, 40.0, 30.0, 2.0), ((double)profile["cpu"]!["p95"]!, (double)profile["cpu"]!["mean"]!, (double)profile["memory"]!["peak"]!, (double)profile["cpu"]!["wait_p95"]!));
        Assert.Equal(24, profile["cpu"]!["hour_of_day"]!.AsArray().Count);
        Assert.InRange(profile["days"]!.AsArray().Count, 9, 11);
        Assert.Equal(("project", beside), ((string)profile["swings_with"]!["by"]!, (string)profile["swings_with"]!["servers"]!.AsArray().Single()!["id"]!));
        (await (await Cloud.NewProject()).Get(path)).Is(404);
    }
}
