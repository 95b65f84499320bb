using System.Text.Json.Nodes;
using Xiangyun.Store;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class DryRunsOnSqlite() : DryRuns("sqlite");
public sealed class DryRunsOnPostgres() : DryRuns("postgres");

/// <summary>A dry run is the create itself in a transaction that is given up: the same rights and refusals, and nothing left behind.</summary>
public abstract class DryRuns(string database) : CloudTests(database)
{

    /// <summary>Every row of this project in every table that has a project, and what waits to be done about its new objects.</summary>
    private Task<string> Everything(string project) => Cloud.Database.Read(async q =>
    {
        var sql = Cloud.Database.IsPostgres
            ? "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'project_id' ORDER BY 1"
            : "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'project_id' ORDER BY 1";
        var tables = new List<string>();
        await using (var reader = await q.Command(sql).ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        Assert.True(tables.Count > 10);
        var counts = new List<string>();
        foreach (var table in tables) counts.Add($"{table} {await q.Command($"SELECT COUNT(*) FROM {table} WHERE project_id = @p", ("@p", project)).ExecuteScalarAsync()}");
        return string.Join('\n', counts);
    });

    [Fact]
    public async Task what_others_make_and_delete_meanwhile_is_not_counted_as_ones_own()
    {
        var who = await Cloud.NewProject();
        using var enough = new CancellationTokenSource();
        var others = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                var made = (await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"];
                await who.Delete($"/volume/v3/volumes/{(string)made["id"]!}");
            }
        }).ToList();
        var hashes = new HashSet<string>();
        for (var i = 0; i < 25; i++)
        {
            var tried = await who.Post("/volume/v3/volumes?dry_run=true", new { volume = new { size = 3 } });
            if (tried.Status == 409) continue; // too much happens at once, and it says so
            var adds = tried.Is(200)["plan"]["adds"]!.AsArray().ToDictionary(a => (string)a!["resource"]!, a => (int)a!["amount"]!);
            Assert.Equal((3, 1), (adds["volume.gigabytes"], adds["volume.volumes"]));
            hashes.Add((string)tried["plan_hash"]!);
        }
        await enough.CancelAsync();
        await Task.WhenAll(others);
        Assert.Single(hashes);
    }

    [Fact]
    public async Task every_create_can_be_tried_and_leaves_nothing_behind()
    {
        var who = await Cloud.NewProject();
        var network = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        (await who.Post("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.1.0.0/24" } })).Is(201);
        var volume = (string)(await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await who.Get($"/volume/v3/volumes/{volume}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        var before = await Everything(who.ProjectId);
        foreach (var (path, body) in new (string, object)[]
        {
            ("/volume/v3/volumes", new { volume = new { size = 2 } }), ("/volume/v3/snapshots", new { snapshot = new { volume_id = volume } }),
            ("/network/v2.0/networks", new { network = new { name = "tried" } }), ("/network/v2.0/ports", new { port = new { network_id = network } }), ("/network/v2.0/routers", new { router = new { name = "tried" } }),
            ("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.2.0.0/24" } }), ("/network/v2.0/security-groups", new { security_group = new { name = "tried" } }),
            ("/compute/v2.1/os-keypairs", new { keypair = new { name = "tried" } }),
        })
        {
            var (first, second) = ((await who.Post(path + "?dry_run=true", body)).Is(200), (await who.Post(path + "?dry_run=true", body)).Is(200));
            Assert.NotEmpty(first["plan"]["makes"]!.AsArray());
            Assert.Equal((string)first["plan_hash"]!, (string)second["plan_hash"]!);
        }
        Assert.Equal(before, await Everything(who.ProjectId));
        Assert.Empty((await who.Get("/network/v2.0/networks?name=tried")).Is(200)["networks"].AsArray());
    }

    [Fact]
    public async Task a_dry_run_is_refused_as_the_create_would_be_and_elsewhere_it_is_not_ignored()
    {
        var who = await Cloud.NewProject();
        var reader = await Cloud.NewUser(who, "reader");
        (await reader.Post("/volume/v3/volumes?dry_run=true", new { volume = new { size = 1 } })).Is(403);
        (await who.Post("/volume/v3/volumes?dry_run=true", new { volume = new { size = 60_000 } })).Is(413);
        (await who.Post("/network/v2.0/ports?dry_run=true", new { port = new { network_id = Kernel.Id.New() } })).Is(404);
        (await Cloud.Admin.Post("/placement/resource_providers?dry_run=true", new { name = Cloud.Name("never") })).Is(400);
        (await who.Delete($"/volume/v3/volumes/{Kernel.Id.New()}?dry_run=true")).Is(400);
    }
}
