using System.Diagnostics;
using Xiangyun.Testing;

namespace Xiangyun.AuditCost;

/// <summary>What clients ask; each worker is somebody with a project of its own.</summary>
internal sealed record Scenario(string Name, Func<Client, Task<int>> Turn)
{
    private const string Networks = "/network/v2.0/networks";
    private const string Groups = "/network/v2.0/security-groups";

    public static readonly Scenario[] All =
    [
        new("writes only (network: make, rename, remove)", Writes),
        new("a usual mix (three writes, nine reads)", async client => await Writes(client) + await Reads(client)),
        new("refusals only (another role, a wrong body)", Refusals),
    ];

    public async Task<Sample> Run(Cloud cloud, IReadOnlyList<Client> clients, int seconds)
    {
        var processor = Processor.Seconds(cloud);
        var since = Stopwatch.StartNew();
        var counts = await Task.WhenAll(clients.Select(async client =>
        {
            var count = 0;
            while (since.Elapsed.TotalSeconds < seconds) count += await Turn(client);
            return count;
        }));
        var took = since.Elapsed.TotalSeconds;
        await Task.Delay(1200); // what is chained and reconciled afterwards belongs to the price
        return new Sample(counts.Sum(), took, Processor.Seconds(cloud) - processor);
    }

    private static async Task<int> Writes(Client client)
    {
        var id = (string)(await client.Post(Networks, new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        (await client.Put($"{Networks}/{id}", new { network = new { name = "m" } })).Is(200);
        (await client.Delete($"{Networks}/{id}")).Is(204);
        return 3;
    }

    private static async Task<int> Reads(Client client)
    {
        for (var i = 0; i < 3; i++)
        {
            (await client.Get(Networks)).Is(200);
            (await client.Get(Groups)).Is(200);
            (await client.Get("/compute/v2.1/servers/detail")).Is(200);
        }
        return 9;
    }

    private static async Task<int> Refusals(Client client)
    {
        (await client.Get("/xiangyun/v1/hosts")).Is(403);
        (await client.Post(Networks, new { network = new { name = 7 } })).Is(400);
        return 2;
    }
}

/// <summary>What one cloud did in one round.</summary>
internal sealed record Sample(int Requests, double Seconds, double Processor)
{
    public double PerSecond => Requests / Seconds;
}
