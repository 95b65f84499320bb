using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Chaos;

public sealed class KillsOnSqlite() : Kills("sqlite");
public sealed class KillsOnPostgres() : Kills("postgres");

/// <summary>
/// kill -9 of server or agent at many points of creating and deleting servers, volumes and ports. Afterwards each is
/// ACTIVE, gone, or ERROR with a fault that names the cause; and when all is deleted nothing is left anywhere. What was approved is made once.
/// </summary>
public abstract class Kills(string database)
{
    private const int Rounds = 10;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("agent")]
    [InlineData("server")]
    public async Task nothing_sticks_and_nothing_is_left_when_one_side_is_killed(string victim)
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 2, OwnProcess = true, Grace = 2 });
        try
        {
            await Storm(cloud, victim);
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    [Fact]
    public async Task what_was_approved_is_made_once_however_often_the_server_is_killed()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 1, OwnProcess = true, Grace = 2 });
        try
        {
            var asker = await cloud.NewProject();
            var manager = await cloud.NewUser(asker, "manager");
            (await manager.Put($"/xiangyun/v1/organisations/{asker.ProjectId}/approval-rules", new { rules = new { steps = new[] { new { role = "manager", at = "project" } } } })).Is(200);
            var asked = new List<(string Id, string Hash)>();
            for (var i = 0; i < Rounds; i++)
            {
                var request = (await asker.Post("/xiangyun/v1/requests", new { request = new { kind = "volume", reason = "storm", wish = new { volume = new { name = $"v{i}", size = 1 } } } })).Is(201)["request"];
                asked.Add(((string)request["id"]!, (string)request["plan_hash"]!));
            }
            foreach (var (n, (id, hash)) in asked.Index())
            {
                var decided = Tried(() => manager.Post($"/xiangyun/v1/requests/{id}/decisions", new { decision = new { decision = "approve", plan_hash = hash } }));
                await Task.Delay(n * 7);
                await KillAndRestart(cloud, "server");
                await decided;
            }
            // an approval whose answer was lost is given again; one that counted already is told so
            foreach (var (id, hash) in asked) await manager.Post($"/xiangyun/v1/requests/{id}/decisions", new { decision = new { decision = "approve", plan_hash = hash } });
            await Wait.For("every request is done", async () => (await asker.Get("/xiangyun/v1/requests?mine=true")).Is(200)["requests"].AsArray(), all => all.Count == Rounds && all.All(r => (string)r!["state"]! == "done"), Long);
            var volumes = (await asker.Get("/volume/v3/volumes")).Is(200)["volumes"].AsArray().Select(v => (string)v!["name"]!).Order(StringComparer.Ordinal);
            Assert.Equal(Enumerable.Range(0, Rounds).Select(i => $"v{i}"), volumes);
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    private static async Task Storm(Cloud cloud, string victim)
    {
        var who = await cloud.NewProject();
        var (network, flavor, image) = (await who.NewNetwork(), await cloud.NewFlavor(), await cloud.NewImage());
        for (var round = 0; round < Rounds; round++)
        {
            var name = $"s{round}";
            var work = Task.WhenAll(
                Tried(() => who.Post("/compute/v2.1/servers", Errands.ServerBody(name, flavor, image, network))),
                Tried(() => who.Post($"/volume/v3/{who.ProjectId}/volumes", new { volume = new { name, size = 1 } })),
                Tried(() => who.Post("/network/v2.0/ports", new { port = new { network_id = network, name } })),
                round % 2 == 0 ? Task.CompletedTask : Remove(who, $"s{round - 1}"));
            await Task.Delay(round * 25);
            await KillAndRestart(cloud, victim);
            await work;
        }
        await Wait.For("every server is ACTIVE or ERROR with a cause, every volume available or in error",
            () => World(who), world => world.Servers.All(Settled) && world.Volumes.All(v => (string)v!["status"]! is "available" or "error"), Long);
        foreach (var round in Enumerable.Range(0, Rounds)) await Remove(who, $"s{round}");
        await KillAndRestart(cloud, victim);
        await Wait.For("everything is gone", () => World(who), w => w.Servers.Count == 0 && w.Volumes.Count == 0 && w.Ports.Count == 0, Long);
        await Wait.For("no capacity is held", () => Held(cloud), used => used.All(u => u == 0), Long);
        await Wait.For("no guest runs", () => Running(cloud), count => count == 0, Long);
    }

    private static bool Settled(JsonNode? server) => (string)server!["status"]! switch
    {
        "ACTIVE" => true,
        "ERROR" => ((string?)server["fault"]?["message"])?.Length > 0,
        _ => false,
    };

    private sealed record Seen(JsonArray Servers, JsonArray Volumes, JsonArray Ports)
    {
        public override string ToString() => $"servers {Servers.ToJsonString()} volumes {Volumes.ToJsonString()} ports {Ports.ToJsonString()}";
    }

    private static async Task<Seen> World(Client who) => new(
        (await who.Get("/compute/v2.1/servers/detail")).Is(200)["servers"].AsArray(),
        (await who.Get($"/volume/v3/{who.ProjectId}/volumes/detail")).Is(200)["volumes"].AsArray(),
        new JsonArray([.. (await who.Get("/network/v2.0/ports")).Is(200)["ports"].AsArray().Where(p => !((string)p!["device_owner"]!).StartsWith("network:")).Select(p => p!.DeepClone())]));

    private static async Task Remove(Client who, string name)
    {
        await Tried(async () =>
        {
            var world = await World(who);
            foreach (var server in world.Servers.Where(s => (string)s!["name"]! == name)) await who.Delete($"/compute/v2.1/servers/{(string)server!["id"]!}");
            foreach (var volume in world.Volumes.Where(v => (string)v!["name"]! == name)) await who.Delete($"/volume/v3/{who.ProjectId}/volumes/{(string)volume!["id"]!}");
            foreach (var port in world.Ports.Where(p => (string)p!["name"]! == name && (string)p["device_id"]! == "")) await who.Delete($"/network/v2.0/ports/{(string)port!["id"]!}");
        });
    }

    /// <summary>A request may meet a server that was just killed: that it got no answer is what a client would see.</summary>
    private static async Task Tried(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException) { }
    }

    private static async Task KillAndRestart(Cloud cloud, string victim)
    {
        if (victim == "agent")
        {
            await cloud.KillAgent();
            cloud.StartAgent();
            return;
        }
        await cloud.KillServer();
        await cloud.StartServer();
    }

    private static async Task<IReadOnlyList<long>> Held(Cloud cloud)
    {
        var admin = cloud.Admin.With("OpenStack-API-Version", "placement 1.10");
        var used = new List<long>();
        foreach (var provider in (await admin.Get("/placement/resource_providers")).Is(200)["resource_providers"].AsArray())
            used.AddRange((await admin.Get($"/placement/resource_providers/{(string)provider!["uuid"]!}/usages")).Is(200)["usages"].AsObject().Select(u => (long)u.Value!));
        return used;
    }

    private static async Task<int> Running(Cloud cloud) => (await cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().Sum(h => (int)h!["running_servers"]!);
}
