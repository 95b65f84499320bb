using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Consolidation;

public sealed class PlansOnSqlite() : Plans("sqlite");
public sealed class PlansOnPostgres() : Plans("postgres");

/// <summary>From a policy to a plan, through the Nova API to its end, back again; and what happens when something is in the way.</summary>
public abstract class Plans(string database)
{
    private static readonly object Consolidate = new { aim = "consolidate", budget = new { per_vm_day = 10 } };

    [Fact, Proves("POST /xiangyun/v1/consolidation/plans"), Proves("POST /xiangyun/v1/consolidation/plans/{id}/approve"), Proves("POST /xiangyun/v1/consolidation/plans/{id}/undo"), Proves("GET /xiangyun/v1/consolidation/plans/{id}"), Proves("GET /xiangyun/v1/consolidation/plans")]
    public async Task a_plan_is_made_approved_carried_out_through_nova_and_undone()
    {
        await using var it = await Planned.Start(database);
        var ids = await it.Servers(6);
        await it.Measured(ids);
        (await it.Admin.Post($"{Planned.Own}/plans", new { plan = new { cluster = "nova" } })).Is(409);
        (await it.Admin.Post($"{Planned.Own}/plans", new { plan = new { cluster = "nowhere" } })).Is(400);
        (await it.Policy(Consolidate)).Is(200);
        foreach (var path in new[] { "/policies", "/policies/nova", "/plans" }) (await it.Bureau.Get(Planned.Own + path)).Is(403);
        (await it.Bureau.Post($"{Planned.Own}/plans", new { plan = new { cluster = "nova" } })).Is(403);

        var before = await it.HostsOf(ids);
        var plan = await it.Make();
        Assert.Equal("draft", (string)plan["state"]!);
        var moves = plan["moves"]!.AsArray();
        Assert.NotEmpty(moves);
        Assert.True((int)plan["gain"]!["hosts_used_after"]! < (int)plan["gain"]!["hosts_used_before"]!);
        Assert.True((double)plan["gain"]!["use_percent_after"]! >= (double)plan["gain"]!["use_percent_before"]!);
        Assert.Equal(6, (int)plan["evidence"]!["known"]!);
        Assert.Equal(ids.Order(), plan["picture"]!["hosts"]!.AsArray().SelectMany(h => h!["after"]!.AsArray()).Select(s => (string)s!).Order());
        (await it.Bureau.Get($"{Planned.Own}/plans/{(string)plan["id"]!}")).Is(403);
        (await it.Approve(plan, new string('0', 64))).Is(409);
        (await it.Approve(plan)).Is(200);
        var done = await it.Becomes(plan, "done");
        Assert.All(done["moves"]!.AsArray(), m => Assert.Equal("done", (string)m!["state"]!));
        var after = await it.HostsOf(ids);
        foreach (var move in moves) Assert.Equal((string)move!["to_host"]!, after[(string)move["server_id"]!]);
        Assert.Equal((int)plan["gain"]!["hosts_used_after"]!, after.Values.Distinct().Count());
        var migrations = await it.Migrations();
        Assert.Equal(moves.Select(m => (string)m!["server_id"]!).Order(), migrations.Where(m => (string)m!["migration_type"]! == "live-migration").Select(m => (string)m!["instance_uuid"]!).Order());
        foreach (var id in ids) Assert.Equal("ACTIVE", (string)(await it.Bureau.Get($"{Planned.Nova}/servers/{id}")).Is(200)["server"]["status"]!);
        (await it.Approve(plan)).Is(409);

        var undo = (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/undo", new { })).Is(201)["plan"];
        Assert.Equal((string)plan["id"]!, (string)undo["parent_id"]!);
        (await it.Approve(undo)).Is(200);
        await it.Becomes(undo, "done");
        Assert.Equal((string)undo["id"]!, (string)(await it.Becomes(plan, "undone"))["undo_id"]!);
        Assert.Equal(before, await it.HostsOf(ids));
        (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/undo", new { })).Is(409);

        var page = (await it.Admin.Get($"{Planned.Own}/plans?limit=1")).Is(200);
        Assert.Equal((string)undo["id"]!, (string)page["plans"].AsArray().Single()!["id"]!);
        var rest = (await it.Admin.Get(new Uri((string)page["next"]!).PathAndQuery)).Is(200);
        Assert.Equal((string)plan["id"]!, (string)rest["plans"].AsArray().Single()!["id"]!);
        Assert.Equal([(string)plan["id"]!], (await it.Admin.Get($"{Planned.Own}/plans?state=undone")).Is(200)["plans"].AsArray().Select(p => (string)p!["id"]!));
        (await it.Admin.Get($"{Planned.Own}/plans?state=odd")).Is(400);
    }

    [Fact, Proves("POST /xiangyun/v1/consolidation/plans/{id}/stop")]
    public async Task a_plan_that_is_stopped_begins_no_further_move_and_what_it_did_can_be_undone()
    {
        await using var it = await Planned.Start(database, 3);
        (await it.Policy(new { aim = "consolidate", budget = new { per_host = 1, per_vm_day = 10 } })).Is(200);
        var ids = await it.Servers(6);
        await it.Measured(ids);
        var before = await it.HostsOf(ids);
        var plan = await it.Make();
        var moves = plan["moves"]!.AsArray();
        Assert.True(moves.Count > 1);
        var first = (string)moves[0]!["server_id"]!;
        await it.Simulate(first, "stick:start"); // the host that it goes to never gets it to run
        (await it.Approve(plan)).Is(200);
        await Wait.For("the first move is under way", () => it.Plan(plan), p => (int)p["moves_under_way"]! == 1);
        (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/undo", new { })).Is(409);
        var other = await it.Make();
        (await it.Approve(other)).Is(409);
        var stopped = (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/stop", new { reason = "lunch" })).Is(200)["plan"];
        Assert.Equal(("stopped", "lunch"), ((string)stopped["state"]!, (string)stopped["stopped_why"]!));
        await it.Simulate(first, null);
        var ended = await Wait.For("what was under way has ended", () => it.Plan(plan), p => (int)p["moves_under_way"]! == 0 && p["ended_at"] is not null, TimeSpan.FromSeconds(60));
        Assert.Equal((1, "stopped"), ((int)ended["moves_done"]!, (string)ended["state"]!));
        Assert.All(ended["moves"]!.AsArray().Skip(1), m => Assert.Equal("waiting", (string)m!["state"]!));
        var undo = (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/undo", new { })).Is(201)["plan"];
        (await it.Approve(undo)).Is(200);
        await it.Becomes(plan, "undone");
        Assert.Equal(before, await it.HostsOf(ids));
    }

    [Fact]
    public async Task a_move_that_fails_is_told_and_enough_of_them_end_the_plan()
    {
        await using var it = await Planned.Start(database, 3);
        (await it.Policy(new { aim = "consolidate", stop_after_failures = 1, budget = new { per_host = 1 } })).Is(200);
        var ids = await it.Servers(6);
        await it.Measured(ids);
        var plan = await it.Make();
        await it.Simulate((string)plan["moves"]![0]!["server_id"]!, "fail:start");
        (await it.Approve(plan)).Is(200);
        var failed = await it.Becomes(plan, "failed");
        Assert.Contains("the test wanted this to fail", (string)failed["failed_why"]!);
        Assert.Equal("failed", (string)failed["moves"]![0]!["state"]!);
        Assert.Equal("waiting", (string)failed["moves"]!.AsArray()[^1]!["state"]!);
    }

    [Fact]
    public async Task each_move_happens_once_however_often_the_server_is_killed_and_no_host_has_more_than_its_share_at_a_time()
    {
        await using var it = await Planned.Start(database, 4, ownProcess: true);
        (await it.Policy(new { aim = "consolidate", budget = new { per_host = 1, per_vm_day = 1 } })).Is(200);
        var ids = await it.Servers(10);
        await it.Measured(ids);
        var plan = await it.Make();
        (await it.Approve(plan)).Is(200);
        for (var round = 0; round < 5; round++)
        {
            await Task.Delay(150 * round);
            await it.Cloud.KillServer();
            await it.Cloud.StartServer();
            var now = await it.Plan(plan);
            var under = now["moves"]!.AsArray().Where(m => (string)m!["state"]! == "moving").ToList();
            Assert.All(under.SelectMany(m => new[] { (string)m!["from_host"]!, (string)m["to_host"]! }).GroupBy(h => h), h => Assert.Single(h));
        }
        await it.Becomes(plan, "done");
        var moved = (await it.Migrations()).Select(m => (string)m!["instance_uuid"]!).ToList();
        Assert.Equal(plan["moves"]!.AsArray().Select(m => (string)m!["server_id"]!).Order(), moved.Order());
        Assert.Equal((int)plan["gain"]!["hosts_used_after"]!, (await it.HostsOf(ids)).Values.Distinct().Count());
    }

    [Fact]
    public async Task a_policy_plans_by_itself_and_its_rule_approves_what_is_small_enough()
    {
        await using var it = await Planned.Start(database, 3);
        var ids = await it.Servers(6);
        await it.Measured(ids);
        object Auto(int most) => new { aim = "consolidate", plan_every_minutes = 1, approval = new { mode = "auto", most_moves = most, most_risk_percent = 50 } };
        (await it.Policy(Auto(0))).Is(200);
        async Task<JsonArray> Plans() => (await it.Admin.Get($"{Planned.Own}/plans")).Is(200)["plans"].AsArray();
        var draft = (await Wait.For("a plan was made by itself", Plans, p => p.Count > 0))[0]!;
        Assert.Equal(("draft", "period", null), ((string)draft["state"]!, (string)draft["trigger"]!, (string?)draft["approved_by"]));
        (await it.Approve(draft)).Is(200);
        await it.Becomes(draft, "done");
        Assert.Single((await it.HostsOf(ids)).Values.Distinct());
        (await it.Policy(new { aim = "balance", approval = new { mode = "auto", most_moves = 20, most_risk_percent = 50 }, budget = new { per_vm_day = 5 } })).Is(200);
        foreach (var id in ids) await it.Simulate(id, "cpu:100");
        foreach (var id in ids) await Wait.For($"{id} is busy", async () => (await it.Admin.Get($"/xiangyun/v1/telemetry/servers/{id}")).Is(200)["telemetry"], t => (double)t["now"]!["cpu_percent"]! > 95, TimeSpan.FromSeconds(30));
        var balanced = await it.Make();
        Assert.Equal("the policy's rule", (string)balanced["approved_by"]!);
        await it.Becomes(balanced, "done");
        var each = (await it.HostsOf(ids)).Values.GroupBy(h => h).Select(g => g.Count()).ToList();
        Assert.Equal(new List<int> { 2, 2, 2 }, each);
    }
}
