using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Consolidation;

public sealed class EnergyOnSqlite() : Energy("sqlite");
public sealed class EnergyOnPostgres() : Energy("postgres");

/// <summary>Hosts that a plan empties are switched off, never below N+1, and woken before servers come back.</summary>
public abstract class Energy(string database)
{
    [Fact]
    public async Task emptied_hosts_are_switched_off_down_to_the_reserve_and_woken_by_the_undo()
    {
        await using var it = await Planned.Start(database, 4);
        var ids = await it.Servers(6);
        await it.Measured(ids);
        (await it.Policy(new { aim = "energy", budget = new { per_vm_day = 10 } })).Is(200);
        var before = await it.HostsOf(ids);
        var plan = await it.Make();
        Assert.Equal((4, 2), ((int)plan["gain"]!["hosts_on_before"]!, (int)plan["gain"]!["hosts_on_after"]!));
        Assert.Equal(2, plan["hosts_off"]!.AsArray().Count);
        Assert.True((double)plan["gain"]!["watts_after"]! < (double)plan["gain"]!["watts_before"]!);
        (await it.Approve(plan)).Is(200);
        var done = await it.Becomes(plan, "done");
        Assert.All(done["switches"]!.AsArray(), s => Assert.Null(s!["words"]));
        await Wait.For("two hosts are off", Off, off => off == 2, TimeSpan.FromSeconds(60));
        Assert.Equal(2, (int)(await it.Admin.Get($"{Planned.Own}/clusters/nova")).Is(200)["cluster"]["hosts_on"]!);

        var undo = (await it.Admin.Post($"{Planned.Own}/plans/{(string)plan["id"]!}/undo", new { })).Is(201)["plan"];
        Assert.Equal(2, undo["hosts_on"]!.AsArray().Count);
        (await it.Approve(undo)).Is(200);
        await it.Becomes(undo, "done");
        Assert.Equal(0, await Off());
        Assert.Equal(before, await it.HostsOf(ids));

        async Task<int> Off() => (await it.Admin.Get("/xiangyun/v1/hosts?limit=100")).Is(200)["hosts"].AsArray().Count(h => ((string)h!["power_text"]!).StartsWith("off", StringComparison.Ordinal));
    }
}
