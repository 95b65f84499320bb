using Xiangyun.Testing;

namespace Xiangyun.Api.Scale;

/// <summary>One control plane over 500 simulated hosts: the size that bench/Load measures, small enough for each run.</summary>
public sealed class ManyHosts
{
    private const int Hosts = 500;
    private const int Servers = 500;

    [Fact]
    public async Task five_hundred_hosts_take_five_hundred_servers_and_give_them_back()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Hosts = Hosts });
        try
        {
            var who = await cloud.NewProject();
            foreach (var (path, set) in new (string, object)[]
            {
                ($"/compute/v2.1/os-quota-sets/{who.ProjectId}", new { quota_set = new { instances = -1, cores = -1, ram = -1 } }),
                ($"/network/v2.0/quotas/{who.ProjectId}", new { quota = new { port = -1 } }),
            }) (await cloud.Admin.Put(path, set)).Is(200);
            var (network, flavor, image) = (await who.NewNetwork(), await cloud.NewFlavor(), await cloud.NewImage());
            for (var made = 0; made < Servers; made += 50)
            {
                var body = Errands.ServerBody($"many{made}", flavor, image, network);
                foreach (var member in new[] { "min_count", "max_count" }) body["server"]![member] = 50;
                (await who.Post("/compute/v2.1/servers", body)).Is(202);
            }
            await Wait.For("all are ACTIVE", () => Statuses(who), s => s.GetValueOrDefault("ACTIVE") == Servers, TimeSpan.FromMinutes(4));
            foreach (var server in (await who.Get("/compute/v2.1/servers")).Is(200)["servers"].AsArray()) (await who.Delete($"/compute/v2.1/servers/{(string)server!["id"]!}")).Is(204);
            await Wait.For("all are gone", () => Statuses(who), s => s.Count == 0, TimeSpan.FromMinutes(4));
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    private sealed class Counts(IEnumerable<KeyValuePair<string, int>> from) : Dictionary<string, int>(from)
    {
        public override string ToString() => string.Join(", ", this.Select(p => $"{p.Key}: {p.Value}"));
    }

    private static async Task<Counts> Statuses(Client who) => new((await who.Get("/compute/v2.1/servers/detail?limit=1000")).Is(200)["servers"].AsArray()
        .GroupBy(s => (string)s!["status"]!).Select(g => KeyValuePair.Create(g.Key, g.Count())));
}
