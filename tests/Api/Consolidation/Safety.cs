using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Consolidation;

public sealed class SafetyOnSqlite() : Safety("sqlite");
public sealed class SafetyOnPostgres() : Safety("postgres");

/// <summary>Overcommit with a guarantee: what guests are promised is watched, and a host on which it is broken is relieved. On simulated hosts that share what they have.</summary>
public abstract class Safety(string database)
{
    private static async Task<JsonNode> Use(Planned it, string id) => (await it.Admin.Get($"/xiangyun/v1/telemetry/servers/{id}")).Is(200)["telemetry"];

    private static async Task<JsonArray> Breaches(Client who, string query = "") => (await who.Get($"{Planned.Own}/breaches{query}")).Is(200)["breaches"].AsArray();

    [Fact, Proves("GET /xiangyun/v1/consolidation/breaches"), Proves("GET /xiangyun/v1/consolidation/clusters"), Proves("GET /xiangyun/v1/consolidation/clusters/{cluster}")]
    public async Task a_host_whose_guests_wait_for_their_processors_is_relieved_by_a_rescue()
    {
        await using var it = await Planned.Start(database, 3);
        var ids = await it.Servers(6, vcpus: 16, ram: 1024, host: "sim-001", simulate: "cpu:30");
        await it.Measured(ids);
        foreach (var id in ids.Take(5)) await it.Simulate(id, "cpu:100"); // 80 processors and more are wanted, 64 are there
        var waiting = await Wait.For("guests wait", () => Use(it, ids[0]), t => (double?)t["now"]!["cpu_wait"] > 1, TimeSpan.FromSeconds(30));
        Assert.True((double)waiting["now"]!["cpu_busy"]! < 15);
        Assert.Empty(await Breaches(it.Admin)); // nothing was promised yet
        (await it.Policy(new { aim = "consolidate", overcommit = new { vcpu = 4.0 } })).Is(200);
        await Wait.For("a promise is broken", () => Breaches(it.Admin), b => b.Count > 0, TimeSpan.FromSeconds(30));
        var rescue = (await Wait.For("the rescue has ended", async () => (await it.Admin.Get($"{Planned.Own}/plans?kind=rescue")).Is(200)["plans"].AsArray(), p => p.Any(x => (string)x!["state"]! == "done"), TimeSpan.FromSeconds(60)))[^1]!;
        Assert.Equal(("guard", "the policy's rule"), ((string)rescue["trigger"]!, (string)rescue["approved_by"]!));
        await Wait.For("nobody waits any more", () => Breaches(it.Admin, "?open=true"), b => b.Count == 0, TimeSpan.FromSeconds(60));
        foreach (var id in ids) await Wait.For("steal is below its objective", () => Use(it, id), t => (double)t["now"]!["cpu_wait"]! < 0.8, TimeSpan.FromSeconds(20));
        var told = await Breaches(it.Admin);
        Assert.All(told, b => Assert.Contains("rescue", (string)b!["did"]!));
        Assert.All(told, b => Assert.Equal("steal", (string)b!["kind"]!));
        // the bureau sees what was promised to its own servers, not where they stood
        var own = await Breaches(it.Bureau);
        Assert.NotEmpty(own);
        Assert.All(own, b => Assert.Null(b!["host_id"]));
        Assert.Empty(await Breaches(await it.Cloud.NewProject()));

        (await it.Bureau.Get($"{Planned.Own}/clusters")).Is(403);
        var cluster = (await it.Admin.Get($"{Planned.Own}/clusters")).Is(200)["clusters"].AsArray().Single()!;
        Assert.Equal((3, 6, 0), ((int)cluster["hosts"]!, (int)cluster["servers"]!, (int)cluster["breaches"]!));
        var one = (await it.Admin.Get($"{Planned.Own}/clusters/nova")).Is(200)["cluster"];
        Assert.NotEmpty(one["history"]!.AsArray());
        Assert.Equal(6, one["scatter"]!.AsArray().Count);
        (await it.Admin.Get($"{Planned.Own}/clusters/nowhere")).Is(404);

        // that its host was short makes the next plan more careful
        var shortage = (await it.Make())["evidence"]!["shortage"]!;
        Assert.True((double)shortage["percent"]! > (double)shortage["allowed_percent"]!, shortage.ToJsonString());
        Assert.InRange((double)shortage["risk_factor"]!, 0.3, 0.99);
        var even = (await it.Make("balance"))["evidence"]!["shortage"]!; // one that empties nothing does not follow it
        Assert.Equal((null, 1.0), ((double?)even["allowed_percent"], (double)even["risk_factor"]!));
    }

    [Fact]
    public async Task moves_that_made_a_host_short_go_back_and_the_plan_that_made_them_stops()
    {
        await using var it = await Planned.Start(database, 3);
        var ids = await it.Servers(6, vcpus: 16, ram: 1024, simulate: "cpu:5");
        await it.Measured(ids);
        (await it.Policy(new { aim = "consolidate", budget = new { per_host = 4, per_vm_day = 10 } })).Is(200);
        var first = await it.Make();
        (await it.Approve(first)).Is(200);
        await it.Becomes(first, "done");
        Assert.Single((await it.HostsOf(ids)).Values.Distinct());
        foreach (var id in ids) await it.Simulate(id, "cpu:100");
        var rescued = await Wait.For("the rescue has ended", async () => (await it.Admin.Get($"{Planned.Own}/plans?kind=rescue&state=done")).Is(200)["plans"].AsArray(), p => p.Count > 0, TimeSpan.FromSeconds(60));
        var plan = await it.Plan(rescued[^1]!);
        Assert.Contains(plan["moves"]!.AsArray(), m => ((string?)m!["why"])?.Contains($"undoes a move of plan {(string)first["id"]!}") == true);
        await Wait.For("nobody waits any more", () => Breaches(it.Admin, "?open=true"), b => b.Count == 0, TimeSpan.FromSeconds(60));
        Assert.Equal(3, (await it.HostsOf(ids)).Values.Distinct().Count());
    }

    [Fact]
    public async Task a_breach_stops_a_running_plan_and_a_manual_rescue_waits_for_somebody()
    {
        await using var it = await Planned.Start(database, 3);
        (await it.Policy(new { aim = "consolidate", approval = new { rescue = "manual" }, budget = new { per_host = 1, per_vm_day = 10 } })).Is(200);
        var idle = await it.Servers(4, vcpus: 2, ram: 1024, simulate: "cpu:5");
        var busy = await it.Servers(5, vcpus: 16, ram: 1024, host: "sim-003", simulate: "cpu:20");
        await it.Measured([.. idle, .. busy]);
        var plan = await it.Make();
        await it.Simulate((string)plan["moves"]![0]!["server_id"]!, "stick:start,cpu:5");
        (await it.Approve(plan)).Is(200);
        await Wait.For("a move is under way", () => it.Plan(plan), p => (int)p["moves_under_way"]! == 1);
        foreach (var id in busy) await it.Simulate(id, "cpu:100");
        var stopped = await it.Becomes(plan, "stopped");
        Assert.Equal("guard", (string)stopped["stopped_by"]!);
        Assert.Contains("steal", (string)stopped["stopped_why"]!);
        await it.Simulate((string)plan["moves"]![0]!["server_id"]!, "cpu:5");
        var drafts = await Wait.For("a rescue waits", async () => (await it.Admin.Get($"{Planned.Own}/plans?kind=rescue&state=draft")).Is(200)["plans"].AsArray(), p => p.Count > 0, TimeSpan.FromSeconds(60));
        Assert.Contains((string)plan["id"]!, (string)(await Breaches(it.Admin))[0]!["did"]!);
        (await it.Approve(drafts[0]!)).Is(200);
        await it.Becomes(drafts[0]!, "done");
        await Wait.For("nobody waits any more", () => Breaches(it.Admin, "?open=true"), b => b.Count == 0, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task memory_is_overcommitted_by_what_guests_work_with_and_pressure_on_it_is_relieved()
    {
        await using var it = await Planned.Start(database, 2);
        (await it.Policy(new { aim = "consolidate", overcommit = new { memory = 1.5 } })).Is(200);
        var ids = await it.Servers(5, vcpus: 2, ram: 64 * 1024, host: "sim-001", simulate: "memory:40"); // 320 GiB given on 256, 128 in use
        await it.Measured(ids);
        Assert.Empty(await Breaches(it.Admin));
        foreach (var id in ids) await it.Simulate(id, "memory:100");
        await Wait.For("pressure is seen", () => Breaches(it.Admin), b => b.Any(x => (string)x!["kind"]! == "memory_pressure"), TimeSpan.FromSeconds(30));
        await Wait.For("it is over", () => Breaches(it.Admin, "?open=true"), b => b.Count == 0, TimeSpan.FromSeconds(60));
        Assert.Equal(2, (await it.HostsOf(ids)).Values.Distinct().Count());
        Assert.All(await Breaches(it.Bureau), b => Assert.NotEqual("memory_pressure", (string)b!["kind"]!)); // the host's, not one server's
    }
}
