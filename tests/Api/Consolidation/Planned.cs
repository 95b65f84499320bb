using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Consolidation;

/// <summary>A small cluster of its own, and what tests of consolidation say again and again.</summary>
internal sealed class Planned : IAsyncDisposable
{
    public const string Own = "/xiangyun/v1/consolidation", Nova = "/compute/v2.1";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);
    private string _image = "", _network = "";

    public required Cloud Cloud { get; init; }
    public Client Admin => Cloud.Admin;
    public Client Bureau { get; private set; } = null!;

    public static async Task<Planned> Start(string database, int hosts = 4, bool ownProcess = false)
    {
        if (database == "postgres") Needs.That("postgres");
        var planned = new Planned { Cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = hosts, OwnProcess = ownProcess, Grace = 600 }) };
        planned.Bureau = await planned.Cloud.NewProject();
        await planned.Unbound(planned.Bureau);
        (planned._network, planned._image) = (await planned.Bureau.NewNetwork(), await planned.Cloud.NewImage());
        return planned;
    }

    public async Task Unbound(Client who) => (await Admin.Put($"{Nova}/os-quota-sets/{who.ProjectId}", new { quota_set = new { cores = -1, ram = -1, instances = -1 } })).Is(200);

    public async Task<IReadOnlyList<string>> Servers(int count, int vcpus = 4, int ram = 4096, string? host = null, string? simulate = null, object? hints = null)
    {
        var (flavor, ids) = (await Cloud.NewFlavor(vcpus, ram), new List<string>());
        for (var i = 0; i < count; i++) ids.Add(await Server(flavor, host, simulate, hints));
        foreach (var id in ids) Assert.Equal("ACTIVE", (string)(await Bureau.Settled(id, Long))["server"]["status"]!);
        return ids;
    }

    /// <summary>Asked for; it may end in error.</summary>
    public async Task<string> Server(string flavor, string? host = null, string? simulate = null, object? hints = null)
    {
        var body = Errands.ServerBody(Cloud.Name("s"), flavor, _image, _network);
        if (simulate is not null) body["server"]!["metadata"] = new JsonObject { ["xy:simulate"] = simulate };
        if (hints is not null) body["os:scheduler_hints"] = System.Text.Json.JsonSerializer.SerializeToNode(hints);
        if (host is not null) body["server"]!["availability_zone"] = $"nova:{host}";
        var who = host is null ? Bureau : await Beside();
        return (string)(await who.Post($"{Nova}/servers", body)).Is(202)["server"]["id"]!;
    }

    private Client? _beside;

    /// <summary>An administrator in the bureau's project: only those name hosts.</summary>
    private async Task<Client> Beside() => _beside ??= await Cloud.NewUser(Bureau, "admin");

    /// <summary>Every server has been measured at least once.</summary>
    public async Task Measured(IEnumerable<string> ids)
    {
        foreach (var id in ids) await Wait.For("it is measured", async () => (await Admin.Get($"/xiangyun/v1/telemetry/servers/{id}")).Is(200)["telemetry"], t => t["now"] is not null, Long);
    }

    public Task<Reply> Policy(object policy, string cluster = "nova") => Admin.Put($"{Own}/policies/{cluster}", new { policy });

    public async Task<JsonNode> Make(string? aim = null) => (await Admin.Post($"{Own}/plans", new { plan = aim is null ? new { cluster = "nova" } : (object)new { cluster = "nova", aim } })).Is(201)["plan"];

    public Task<Reply> Approve(JsonNode plan, string? hash = null) => Admin.Post($"{Own}/plans/{(string)plan["id"]!}/approve", new { plan_hash = hash ?? (string)plan["plan_hash"]! });

    public async Task<JsonNode> Plan(JsonNode plan) => (await Admin.Get($"{Own}/plans/{(string)plan["id"]!}")).Is(200)["plan"];

    public Task<JsonNode> Becomes(JsonNode plan, string state) => Wait.For($"the plan is {state}", () => Plan(plan), p => (string)p["state"]! == state, Long);

    public async Task<IReadOnlyDictionary<string, string>> HostsOf(IEnumerable<string> ids)
    {
        var at = new Dictionary<string, string>();
        foreach (var id in ids) at[id] = (string)(await Admin.Get($"{Nova}/servers/{id}")).Is(200)["server"]["OS-EXT-SRV-ATTR:host"]!;
        return at;
    }

    public async Task<JsonArray> Migrations() => (await Admin.With("OpenStack-API-Version", "compute 2.79").Get($"{Nova}/os-migrations?limit=1000")).Is(200)["migrations"].AsArray();

    public async Task Simulate(string id, string? directive)
    {
        if (directive is null) (await Bureau.Delete($"{Nova}/servers/{id}/metadata/xy:simulate")).Is(204);
        else (await Bureau.Post($"{Nova}/servers/{id}/metadata", new { metadata = new Dictionary<string, string> { ["xy:simulate"] = directive } })).Is(200);
    }

    public async ValueTask DisposeAsync()
    {
        Cloud.Folder.NoteResult();
        await Cloud.DisposeAsync();
    }
}
