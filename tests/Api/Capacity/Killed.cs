using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Telemetry;
using Xiangyun.Testing;

namespace Xiangyun.Api.Capacity;

public sealed class KilledOnSqlite() : Killed("sqlite");
public sealed class KilledOnPostgres() : Killed("postgres");

/// <summary>kill -9 of the server at many moments of an accepted resize and of its undo: each step happens once, and the way is gone to its end.</summary>
public abstract class Killed(string database)
{
    private const string Own = Loads.Own;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task an_accepted_resize_and_its_undo_end_however_often_the_server_is_killed()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 2, OwnProcess = true, Grace = 2 });
        try
        {
            var who = await cloud.NewProject();
            (await cloud.Admin.Put(Own + "/settings", new { settings = new { least_days = 1, watch_seconds = 3600, watch_least = 288 } })).Is(200);
            var (network, large, small, image) = (await who.NewNetwork(), await cloud.NewFlavor(8, 2048), await cloud.NewFlavor(1, 512), await cloud.NewImage());
            var server = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("sized", large, image, network))).Is(202)["server"]["id"]!;
            await who.Settled(server);
            // its past is written while nobody has it in memory
            await cloud.KillServer();
            await Write(cloud, server, Loads.Past(10, 5, 20));
            await cloud.StartServer();
            (await who.Post(Own + "/survey", new { })).Is(202);
            var id = (string)(await Wait.For("something is advised", async () => (await who.Get(Own + "/advice?state=proposed")).Is(200)["advice"].AsArray(), a => a.Count == 1, Long))[0]!["id"]!;
            (await who.Post($"{Own}/advice/{id}/accept", new { accept = new { now = true } })).Is(202);
            await Storm(cloud, who, id, "watching");
            Assert.Equal(small, await Flavor(who, server));
            (await who.Post($"{Own}/advice/{id}/undo", new { undo = new { } })).Is(202);
            await Storm(cloud, who, id, "undone");
            Assert.Equal(large, await Flavor(who, server));
            var actions = (await who.Get($"/compute/v2.1/servers/{server}/os-instance-actions")).Is(200)["instanceActions"].AsArray().Select(a => (string)a!["action"]!).ToList();
            Assert.Equal((2, 2), (actions.Count(a => a == "resize"), actions.Count(a => a == "confirmResize")));
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    private static async Task Storm(Cloud cloud, Client who, string id, string end)
    {
        for (var n = 0; n < 5; n++)
        {
            await Task.Delay(150 * (n + 1));
            await cloud.KillServer();
            await cloud.StartServer();
        }
        await Wait.For($"the advice is {end}", async () => (string)(await who.Get($"{Own}/advice/{id}")).Is(200)["advice"]["state"]!, s => s == end, Long);
    }

    private static async Task<string> Flavor(Client who, string server) => (string)(await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"]["flavor"]!["id"]!;

    private static async Task Write(Cloud cloud, string server, Ring ring)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddStore(cloud.DatabaseUrl, Store.Audit.AuditLevel.None).BuildServiceProvider();
        await services.GetRequiredService<Database>().Write(Actor.System, tx => { tx.Db<TelemetryDb>().Add(new RingRow { Id = server, At = ring.TouchedAt, Data = ring.Write() }); return Task.CompletedTask; });
    }
}
