using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Consolidation;

public sealed class PoliciesOnSqlite() : Policies("sqlite");
public sealed class PoliciesOnPostgres() : Policies("postgres");

/// <summary>Policies of clusters: kept, told, refused when they make no sense, and enforced when servers are admitted.</summary>
public abstract class Policies(string database)
{
    [Fact, Proves("GET /xiangyun/v1/consolidation/policies"), Proves("GET /xiangyun/v1/consolidation/policies/{cluster}"), Proves("PUT /xiangyun/v1/consolidation/policies/{cluster}"), Proves("DELETE /xiangyun/v1/consolidation/policies/{cluster}")]
    public async Task what_is_promised_is_kept_at_admission_and_refused_in_words()
    {
        await using var it = await Planned.Start(database, 3);
        var path = $"{Planned.Own}/policies/nova";
        Assert.Null((string?)(await it.Admin.Get(path)).Is(200)["policy"]["from"]);
        (await it.Policy(new { aim = "balance" }, "default")).Is(200);
        Assert.Equal(("balance", "default"), await Holds());
        (await it.Policy(new { aim = "consolidate", reserve_hosts = 1, overcommit = new { vcpu = 1.0, memory = 1.5 }, windows = new[] { new { days = new[] { "mon", "sun" }, from = "22:00", to = "06:00" } } })).Is(200);
        Assert.Equal(("consolidate", "nova"), await Holds());
        Assert.Equal(1.5, (double)(await it.Admin.Get(path)).Is(200)["policy"]["overcommit"]!["memory"]!);
        foreach (var bad in new object[] { new { aim = "best" }, new { }, new { aim = "none", time_zone = "Mars/Olympus" }, new { aim = "none", windows = new[] { new { from = "25:00", to = "06:00" } } }, new { aim = "none", windows = new[] { new { days = new[] { "someday" }, from = "22:00", to = "06:00" } } },
            new { aim = "none", overcommit = new { vcpu = "many" } }, new { aim = "none", slo = new { steal_percent = 200 } }, new { aim = "none", extra = 1 } }) (await it.Policy(bad)).Is(400);
        (await it.Policy(new { aim = "none" }, "nowhere")).Is(404);
        (await it.Bureau.Put(path, new { policy = new { aim = "none" } })).Is(403);

        // three hosts of 64 processors, none overcommitted, one kept: 128 are left
        var flavor = await it.Cloud.NewFlavor(32, 1024);
        for (var i = 0; i < 4; i++) Assert.Equal("ACTIVE", (string)(await it.Bureau.Settled(await it.Server(flavor)))["server"]["status"]!);
        var refused = (await it.Bureau.Settled(await it.Server(flavor)))["server"];
        Assert.Contains("3 of 3 hosts: room is kept for the failure of a host, and beside it less than 32 vCPU is left", (string)refused["fault"]!["message"]!);
        var details = (string)(await it.Admin.Get($"{Planned.Nova}/servers/{(string)refused["id"]!}")).Is(200)["server"]["fault"]!["details"]!;
        Assert.Contains("room for the failure of 1 host(s) is kept in nova: needs 32 vCPU, 0 are left beside the reserve", details);

        (await it.Policy(new { aim = "none", overcommit = new { vcpu = 1.0 } })).Is(200);
        for (var i = 0; i < 2; i++) Assert.Equal("ACTIVE", (string)(await it.Bureau.Settled(await it.Server(flavor)))["server"]["status"]!);
        var full = (await it.Bureau.Settled(await it.Server(flavor)))["server"];
        Assert.Contains("3 of 3 hosts: less than 32 vCPU is free", (string)full["fault"]!["message"]!);
        (await it.Policy(new { aim = "none", overcommit = new { vcpu = 2.0 } })).Is(200);
        Assert.Equal("ACTIVE", (string)(await it.Bureau.Settled(await it.Server(flavor)))["server"]["status"]!);

        (await it.Admin.Delete(path)).Is(204);
        Assert.Equal(("balance", "default"), await Holds());
        (await it.Admin.Delete(path)).Is(404);
        Assert.Equal(["default", "nova"], (await it.Admin.Get($"{Planned.Own}/policies")).Is(200)["policies"].AsArray().Select(p => (string)p!["cluster"]!));

        async Task<(string, string)> Holds() => ((await it.Admin.Get(path)).Is(200)["policy"] is var p ? (string)p["aim"]! : "", (string)(await it.Admin.Get(path)).Is(200)["policy"]["from"]!);
    }

    [Fact]
    public async Task kept_hosts_groups_and_closed_windows_are_respected()
    {
        await using var it = await Planned.Start(database, 4);
        var other = await it.Cloud.NewProject();
        var kept = (string)(await it.Admin.Post($"{Planned.Nova}/os-aggregates", new { aggregate = new { name = "kept" } })).Is(200)["aggregate"]["id"]!.ToString();
        (await it.Admin.Post($"{Planned.Nova}/os-aggregates/{kept}/action", new { add_host = new { host = "sim-004" } })).Is(200);
        (await it.Admin.Post($"{Planned.Nova}/os-aggregates/{kept}/action", new { set_metadata = new { metadata = new { filter_tenant_id = other.ProjectId } } })).Is(200);
        var group = (string)(await it.Bureau.Post($"{Planned.Nova}/os-server-groups", new { server_group = new { name = "apart", policies = new[] { "anti-affinity" } } })).Is(200)["server_group"]["id"]!;
        var apart = await it.Servers(2, hints: new { group });
        var ids = apart.Concat(await it.Servers(4)).ToList();
        Assert.DoesNotContain("sim-004", (await it.HostsOf(ids)).Values);
        await it.Measured(ids);
        var clock = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        (await it.Policy(new { aim = "consolidate", windows = new[] { new { from = clock.AddHours(3).ToString("HH:mm"), to = clock.AddHours(4).ToString("HH:mm") } } })).Is(200);
        var plan = await it.Make();
        Assert.NotEmpty(plan["moves"]!.AsArray());
        Assert.Equal(2, (int)plan["gain"]!["hosts_used_after"]!); // the two keep apart
        (await it.Approve(plan)).Is(200);
        await Task.Delay(1500);
        Assert.Equal(("approved", 0), ((string)(await it.Plan(plan))["state"]!, (int)(await it.Plan(plan))["moves_under_way"]!));
        (await it.Policy(new { aim = "consolidate", windows = new[] { new { from = clock.AddHours(-1).ToString("HH:mm"), to = clock.AddHours(2).ToString("HH:mm") } } })).Is(200);
        await it.Becomes(plan, "done");
        var at = await it.HostsOf(ids);
        Assert.Equal(2, at.Values.Distinct().Count());
        Assert.NotEqual(at[apart[0]], at[apart[1]]);
    }
}
