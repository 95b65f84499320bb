using Xiangyun.Testing;

namespace Xiangyun.Api.Fleet;

public sealed class HostsOnSqlite() : Hosts("sqlite");
public sealed class HostsOnPostgres() : Hosts("postgres");

public abstract class Hosts(string database) : CloudTests(database)
{
    [Fact, Proves("GET /xiangyun/v1/hosts")]
    public async Task every_listed_host_says_that_it_is_simulated()
    {
        var page = (await Cloud.Admin.Get("/xiangyun/v1/hosts?simulated=true&limit=2")).Is(200);
        Assert.Equal(2, page["hosts"].AsArray().Count);
        Assert.All(page["hosts"].AsArray(), h => Assert.True((bool)h!["simulated"]! && (bool)h["alive"]! && h["endpoint"] is not null));
        var rest = (await Cloud.Admin.Get(new Uri((string)page["next"]!).PathAndQuery)).Is(200)["hosts"].AsArray();
        Assert.DoesNotContain((string)rest[0]!["id"]!, page["hosts"].AsArray().Select(h => (string)h!["id"]!));
    }

    [Fact, Proves("POST /xiangyun/v1/hosts"), Proves("DELETE /xiangyun/v1/hosts/{id}"), Proves("PATCH /xiangyun/v1/hosts/{id}")]
    public async Task many_simulated_hosts_are_registered_at_once_and_forgotten_one_by_one()
    {
        var name = Cloud.Name("rack");
        var made = (await Cloud.Admin.Post("/xiangyun/v1/hosts", new { host = new { name, endpoint = "unix:/nowhere/agent.sock", count = 3, zone = "far" } })).Is(201)["hosts"].AsArray();
        Assert.Equal([$"{name}-001", $"{name}-002", $"{name}-003"], made.Select(h => (string)h!["name"]!));
        (await Cloud.Admin.Post("/xiangyun/v1/hosts", new { host = new { name = $"{name}-002", endpoint = "unix:/nowhere/agent.sock" } })).Is(409);
        foreach (var host in made)
        {
            var path = $"/xiangyun/v1/hosts/{(string)host!["id"]!}";
            (await Cloud.Admin.Delete(path)).Is(409);
            var told = (await Cloud.Admin.Patch(path, new { host = new { enabled = false, disabled_reason = "sold" } })).Is(200)["host"];
            Assert.Equal((false, "sold"), ((bool)told["enabled"]!, (string)told["disabled_reason"]!));
            (await Cloud.Admin.Delete(path)).Is(204);
            (await Cloud.Admin.Get(path)).Is(404);
        }
    }

    [Theory]
    [InlineData("http://10.0.0.1:5000")]
    [InlineData("unix:relative")]
    [InlineData("云")]
    public async Task an_endpoint_without_tls_or_sense_is_refused(string endpoint) =>
        (await Cloud.Admin.Post("/xiangyun/v1/hosts", new { host = new { name = Cloud.Name("host"), endpoint } })).Is(400);

    [Fact]
    public async Task a_member_neither_sees_nor_registers_hosts()
    {
        var member = await Cloud.NewProject();
        (await member.Get("/xiangyun/v1/hosts")).Is(403);
        (await member.Post("/xiangyun/v1/hosts", new { host = new { name = "mine", endpoint = "unix:/tmp/mine.sock" } })).Is(403);
    }

    [Fact, Proves("POST /xiangyun/v1/placement/explain")]
    public async Task the_dry_run_tells_of_each_host_what_is_missing()
    {
        var told = (await Cloud.Admin.Post("/xiangyun/v1/placement/explain", new { resources = new { VCPU = 1, MEMORY_MB = 2_000_000_000 }, zone = "moon" })).Is(200);
        Assert.False((bool)told["placeable"]!);
        Assert.Contains("zone moon was asked for", (string)told["message"]!);
        Assert.Contains("2000000000 MiB", (string)told["message"]!);
        Assert.True((bool)(await Cloud.Admin.Post("/xiangyun/v1/placement/explain", new { resources = new { VCPU = 1, MEMORY_MB = 64 } })).Is(200)["placeable"]!);
    }

    [Fact]
    public async Task a_member_is_told_counts_and_reasons_of_hosts_and_neither_their_names_nor_their_room()
    {
        var names = (await Cloud.Admin.Get("/xiangyun/v1/hosts?limit=1000")).Is(200)["hosts"].AsArray().Select(h => (string)h!["name"]!).ToList();
        var member = await Cloud.NewProject();
        (await Cloud.Admin.Put($"/compute/v2.1/os-quota-sets/{member.ProjectId}", new { quota_set = new { ram = -1 } })).Is(200);
        var told = (await member.Post("/xiangyun/v1/placement/explain", new { resources = new { VCPU = 1, MEMORY_MB = 900_000_000 } })).Is(200);
        Assert.Empty(told["hosts"].AsArray());
        Assert.True((int)told["looked"]! > 0 && (int)told["fitting"]! == 0);
        Assert.Contains("900000000 MiB of memory", (string)told["reasons"]![0]!["reason"]!);
        var (flavor, image, network) = (await Cloud.NewFlavor(1, 900_000_000), await Cloud.NewImage(), await member.NewNetwork());
        var body = Errands.ServerBody("homeless", flavor, image, network);
        var rehearsed = (await member.Post("/compute/v2.1/servers?dry_run=true", body)).Is(200);
        var id = (string)(await member.Post("/compute/v2.1/servers", body)).Is(202)["server"]["id"]!;
        var mine = await member.Settled(id);
        var others = (await member.Get($"/compute/v2.1/servers/{id}/os-instance-actions")).Is(200);
        foreach (var shown in new[] { told.ToString(), rehearsed.ToString(), mine.ToString(), others.ToString() })
            Assert.DoesNotContain(names, n => shown!.Contains(n, StringComparison.Ordinal));
        Assert.Matches(@"No valid host was found\. \d+ of \d+ hosts: less than 900000000 MiB of memory is free\.", (string)mine["server"]["fault"]!["message"]!);
        Assert.Null(mine["server"]["fault"]!["details"]);
        var all = (string)(await Cloud.Admin.Get($"/compute/v2.1/servers/{id}")).Is(200)["server"]["fault"]!["details"]!;
        Assert.Contains(names, n => all.Contains(n + " (simulated): needs 900000000 MiB of memory, ", StringComparison.Ordinal));
        (await member.Delete($"/compute/v2.1/servers/{id}")).Is(204);
    }
}
