using Xiangyun.Testing;

namespace Xiangyun.Api.Compute;

public sealed class LiveMigrationOnSqlite() : LiveMigration("sqlite");
public sealed class LiveMigrationOnPostgres() : LiveMigration("postgres");

/// <summary>A server moves to a host that shares nothing with its own: it arrives whole, or stays as if nothing had been.</summary>
public abstract class LiveMigration(string database)
{
    private const string Nova = "/compute/v2.1";

    [Fact]
    public async Task it_arrives_without_a_boot_or_stays_where_it_was_and_nothing_is_left_on_the_other_host()
    {
        await using var cloud = await Cloud.Start(new CloudShape { Database = database, Hosts = 2, Carry = true, Grace = 600 });
        try
        {
            var flavor = (string)(await cloud.Admin.Post($"{Nova}/flavors", new { flavor = new { name = "f", ram = 64, vcpus = 1, disk = 1 } })).Is(200)["flavor"]["id"]!;
            var image = (string)(await cloud.Admin.Post("/image/v2/images", new { name = "i", disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
            (await cloud.Admin.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
            var id = (string)(await cloud.Admin.Post($"{Nova}/servers", new { server = new { name = "s", imageRef = image, flavorRef = flavor, networks = Array.Empty<object>() } })).Is(202)["server"]["id"]!;
            var first = (string)(await Active(cloud, id))["server"]["OS-EXT-SRV-ATTR:host"]!;
            var second = first == "sim-001" ? "sim-002" : "sim-001";

            await Move(cloud, id, second);
            Assert.Equal(second, (string?)(await Active(cloud, id))["server"]["OS-EXT-SRV-ATTR:host"]);
            var console = (await cloud.Admin.Post($"{Nova}/servers/{id}/action", new Dictionary<string, object> { ["os-getConsoleOutput"] = new { } })).Is(200);
            Assert.Equal(2, ((string)console["output"]!).Split("XY ready").Length);
            Assert.Equal(["completed"], await Migrations(cloud, id));
            await Only(cloud, id, second);

            (await cloud.Admin.Post($"{Nova}/servers/{id}/metadata", new { metadata = new Dictionary<string, string> { ["xy:simulate"] = "fail:move" } })).Is(200);
            await Move(cloud, id, first);
            await Wait.Until("it is told that it stayed", async () => (await Migrations(cloud, id)) is ["failed", "completed"]);
            Assert.Equal(second, (string?)(await Active(cloud, id))["server"]["OS-EXT-SRV-ATTR:host"]);
            var last = (await cloud.Admin.Get($"{Nova}/servers/{id}/os-instance-actions")).Is(200)["instanceActions"][0]!;
            Assert.Equal("live-migration", (string?)last["action"]);
            Assert.Contains($"The guest could not leave {second}", (string?)last["message"], StringComparison.Ordinal);
            var tasks = (await cloud.Admin.Get("/xiangyun/v1/tasks?state=failed")).Is(200)["tasks"].AsArray().Where(t => (string?)t!["kind"] == "server.live_migrate");
            Assert.Equal([(string?)last["message"]], tasks.Select(t => (string?)t!["error"]));
            await Only(cloud, id, second);

            (await cloud.Admin.Post($"{Nova}/servers/{id}/metadata", new { metadata = new Dictionary<string, string> { ["xy:simulate"] = "stick:move" } })).Is(200);
            await Move(cloud, id, first);
            await Wait.For("it is on its way", () => cloud.Admin.Get($"{Nova}/servers/{id}"), r => (string?)r["server"]["status"] == "MIGRATING" && (int?)r["server"]["OS-EXT-STS:power_state"] == 1);
            (await cloud.Admin.Post($"{Nova}/servers/{id}/action", new Dictionary<string, object?> { ["os-stop"] = null })).Is(409);
            (await cloud.Admin.Delete($"{Nova}/servers/{id}")).Is(204);
            await Wait.Until("it is gone", async () => (await cloud.Admin.Get($"{Nova}/servers/{id}")).Status == 404);
            await Only(cloud, id, null);
        }
        finally
        {
            cloud.Folder.NoteResult();
        }
    }

    private static async Task Move(Cloud cloud, string id, string host) =>
        (await cloud.Admin.Post($"{Nova}/servers/{id}/action", new Dictionary<string, object> { ["os-migrateLive"] = new { host, block_migration = true, disk_over_commit = false } })).Is(202);

    private static Task<Reply> Active(Cloud cloud, string id) => Wait.For("it is ACTIVE", () => cloud.Admin.Get($"{Nova}/servers/{id}"), r => (string?)r["server"]["status"] == "ACTIVE" && r["server"]["OS-EXT-STS:task_state"] is null);

    private static async Task<string[]> Migrations(Cloud cloud, string id) =>
        [.. (await cloud.Admin.Get($"{Nova}/os-migrations?instance_uuid={id}")).Is(200)["migrations"].AsArray().Select(m => (string)m!["status"]!)];

    /// <summary>Room is taken on this host alone (none when null), and no host runs it but this one.</summary>
    private static async Task Only(Cloud cloud, string id, string? host)
    {
        var hosts = (await cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().ToDictionary(h => (string)h!["id"]!, h => (string)h!["name"]!);
        await Wait.Until($"its room is on {host ?? "no host"} alone", async () =>
            (await cloud.Admin.Get($"/placement/allocations/{id}")).Is(200)["allocations"].AsObject().Select(a => hosts.GetValueOrDefault(a.Key)).SequenceEqual(host is null ? [] : new[] { host }));
        await Wait.Until($"{host ?? "no host"} alone runs it", async () =>
            (await cloud.Admin.Get("/xiangyun/v1/hosts")).Is(200)["hosts"].AsArray().All(h => (int)h!["running_servers"]! == ((string)h["name"]! == host ? 1 : 0)));
    }
}
