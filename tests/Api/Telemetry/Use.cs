using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Api.Identity;
using Xiangyun.Store;
using Xiangyun.Telemetry;
using Xiangyun.Testing;

namespace Xiangyun.Api.Telemetry;

public sealed class UseOnSqlite() : Use("sqlite");
public sealed class UseOnPostgres() : Use("postgres");

/// <summary>What servers and hosts use: told to those whose they are, kept over a restart, shown to Prometheus.</summary>
public abstract class Use(string database) : CloudTests(database)
{
    [Fact, Proves("GET /xiangyun/v1/telemetry/servers/{id}"), Proves("GET /xiangyun/v1/telemetry/hosts/{id}")]
    public async Task an_owner_sees_what_its_server_uses_and_an_operator_who_burdens_a_host()
    {
        var who = await Cloud.NewProject();
        var (network, flavor, image) = (await who.NewNetwork(), await Cloud.NewFlavor(), await Cloud.NewImage());
        var id = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("measured", flavor, image, network))).Is(202)["server"]["id"]!;
        var path = $"/xiangyun/v1/telemetry/servers/{id}";
        Assert.Null((await who.Get(path)).Is(200)["telemetry"]["now"]);
        var seen = await Wait.For("the server is measured", async () => (await who.Get(path)).Is(200)["telemetry"], t => t["now"] is not null, TimeSpan.FromSeconds(60));
        var now = seen["now"]!;
        Assert.InRange((double)now["cpu_percent"]!, 0, 100);
        Assert.True((long)now["used_mib"]! is > 0 and var used && used <= (long)now["memory_mib"]!);
        Assert.Contains(seen["history"]!.AsArray(), p => p![1] is not null);
        Assert.Equal(720, (await who.Get(path + "?period=month")).Is(200)["telemetry"]["history"]!.AsArray().Count);
        (await who.Get(path + "?period=year")).Is(400);
        (await (await Cloud.NewProject()).Get(path)).Is(404);

        var host = (string)(await Cloud.Admin.Get($"/compute/v2.1/servers/{id}")).Is(200)["server"]["OS-EXT-SRV-ATTR:host"]!;
        var hostId = (string)(await Cloud.Admin.Get("/xiangyun/v1/hosts?limit=1000")).Is(200)["hosts"].AsArray().Single(h => (string)h!["name"]! == host)!["id"]!;
        (await who.Get($"/xiangyun/v1/telemetry/hosts/{hostId}")).Is(403);
        var burden = (await Cloud.Admin.Get($"/xiangyun/v1/telemetry/hosts/{hostId}")).Is(200)["telemetry"];
        var guests = burden["guests"]!.AsArray();
        Assert.Equal("measured", (string)guests.Single(g => (string)g!["server_id"]! == id)!["name"]!);
        Assert.Equal(guests.OrderByDescending(g => (double)g!["cpu_busy"]!).Select(g => (string)g!["server_id"]!), guests.Select(g => (string)g!["server_id"]!));
        Assert.True((bool)burden["simulated"]!);
        (await Cloud.Admin.Get($"/xiangyun/v1/telemetry/hosts/{Xiangyun.Kernel.Id.New()}")).Is(404);

        await Cloud.Services.GetRequiredService<Keeper>().Write(_ => true);
        var after = new Memory(Cloud.Services.GetRequiredService<Database>(), TimeProvider.System, new Swings());
        Assert.Contains(await after.History(id, month: false), p => p.CpuPercent is not null);
        Assert.Contains(await after.History("host:" + hostId, month: false), p => p.CpuPercent is not null);
    }

    /// <summary>A process of its own: clouds in one process would share their meters.</summary>
    [Fact]
    public async Task prometheus_is_told_of_each_server_and_of_profiles()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = Cloud.Shape.Database, Hosts = 1, OwnProcess = true });
        var who = await cloud.NewProject();
        var id = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("measured", await cloud.NewFlavor(), await cloud.NewImage(), await who.NewNetwork()))).Is(202)["server"]["id"]!;
        await Wait.For("/metrics tells of the server", () => cloud.Http.GetStringAsync("/metrics"), all => all.Split('\n').Any(l => l.StartsWith("xiangyun_guest_cpu_busy", StringComparison.Ordinal) && l.Contains($"server=\"{id}\"", StringComparison.Ordinal)) && all.Contains("xiangyun_profile_servers", StringComparison.Ordinal), TimeSpan.FromSeconds(240));
        cloud.Folder.NoteResult();
    }
}
