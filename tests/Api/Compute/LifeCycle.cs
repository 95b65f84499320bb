using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Compute;

public sealed class LifeCycleOnSqlite() : LifeCycle("sqlite");
public sealed class LifeCycleOnPostgres() : LifeCycle("postgres");

/// <summary>Resize, moves, rescue, shelf and volumes to boot from, each as its owner sees it.</summary>
public abstract class LifeCycle(string database) : CloudTests(database)
{
    private const string Nova = "/compute/v2.1";

    private async Task<string> Flavor(int ram = 64) => (string)(await Cloud.Admin.Post($"{Nova}/flavors", new { flavor = new { name = Cloud.Name("f"), ram, vcpus = 1, disk = 1 } })).Is(200)["flavor"]["id"]!;

    private static async Task<string> Image(Client who)
    {
        var id = (string)(await who.Post("/image/v2/images", new { name = Cloud.Name("i"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", new byte[4096], "application/octet-stream")).Is(204);
        return id;
    }

    private static async Task<string> Boot(Client who, object server)
    {
        var id = (string)(await who.Post($"{Nova}/servers", new { server })).Is(202)["server"]["id"]!;
        await Becomes(who, id, "ACTIVE");
        return id;
    }

    private static async Task<string> Boot(Client who, string flavor) => await Boot(who, new { name = Cloud.Name("s"), imageRef = await Image(who), flavorRef = flavor, networks = Array.Empty<object>() });

    private static Task<Reply> Becomes(Client who, string id, string status) => Wait.For($"server {id} is {status}", () => who.Get($"{Nova}/servers/{id}"),
        r => r.Status == 200 && (string?)r["server"]["status"] == status && r["server"]["OS-EXT-STS:task_state"] is null);

    private static async Task<Reply> Act(Client who, string id, object action, int status = 202) => (await who.Post($"{Nova}/servers/{id}/action", action)).Is(status);

    private static Task<Reply> Plain(Client who, string id, string action, int status = 202) => Act(who, id, new Dictionary<string, object?> { [action] = null }, status);

    private async Task<string> HostOf(string id) => (string)(await Cloud.Admin.Get($"{Nova}/servers/{id}")).Is(200)["server"]["OS-EXT-SRV-ATTR:host"]!;

    private async Task<long> Claimed(string id) =>
        (await Cloud.Admin.Get($"/placement/allocations/{id}")).Is(200)["allocations"].AsObject().Sum(a => (long?)a.Value!["resources"]!["MEMORY_MB"] ?? 0);

    [Fact, Proves("POST /compute/v2.1/servers/{id}/action")]
    public async Task a_resize_can_be_taken_back_and_confirmed_and_counts_once_at_the_end()
    {
        var who = await Cloud.NewProject();
        var (small, large) = (await Flavor(), await Flavor(128));
        var id = await Boot(who, small);
        await Act(who, id, new { resize = new { flavorRef = small } }, 400);
        await Act(who, id, new { resize = new { flavorRef = large } });
        await Becomes(who, id, "VERIFY_RESIZE");
        await Act(who, id, new { reboot = new { type = "HARD" } }, 409);
        await Plain(who, id, "revertResize");
        Assert.Equal(small, (string?)(await Becomes(who, id, "ACTIVE"))["server"]["flavor"]!["id"]);
        Assert.Equal(64, await Claimed(id));
        await Act(who, id, new { resize = new { flavorRef = large } });
        await Becomes(who, id, "VERIFY_RESIZE");
        await Plain(who, id, "confirmResize", 204);
        Assert.Equal(large, (string?)(await Becomes(who, id, "ACTIVE"))["server"]["flavor"]!["id"]);
        Assert.Equal(128, await Claimed(id));
        await Plain(who, id, "confirmResize", 409);
    }

    [Fact]
    public async Task a_cold_migration_changes_the_host_and_only_administrators_may_ask_for_it()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        var before = await HostOf(id);
        await Plain(who, id, "migrate", 403);
        await Plain(Cloud.Admin, id, "migrate");
        await Becomes(who, id, "VERIFY_RESIZE");
        var after = await HostOf(id);
        Assert.NotEqual(before, after);
        await Plain(who, id, "revertResize");
        await Becomes(who, id, "ACTIVE");
        Assert.Equal(before, await HostOf(id));
        await Act(Cloud.Admin, id, new Dictionary<string, object> { ["os-migrateLive"] = new { host = after, block_migration = false, disk_over_commit = false } });
        await Becomes(who, id, "ACTIVE");
        Assert.Equal(after, await HostOf(id));
        await Act(Cloud.Admin, id, new { evacuate = new { onSharedStorage = false } }, 400);
    }

    [Fact]
    public async Task a_rescued_server_refuses_what_needs_its_own_system_and_comes_back()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        Assert.Equal("secret", (string?)(await Act(who, id, new { rescue = new { adminPass = "secret" } }, 200))["adminPass"]);
        await Becomes(who, id, "RESCUE");
        await Act(who, id, new { reboot = new { type = "HARD" } }, 409);
        await Plain(who, id, "unrescue");
        await Becomes(who, id, "ACTIVE");
        await Plain(who, id, "unrescue", 409);
    }

    [Fact]
    public async Task a_shelved_server_leaves_its_host_and_comes_back_and_its_image_goes()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        await Plain(who, id, "shelve");
        await Becomes(who, id, "SHELVED");
        Assert.Single((await who.Get("/image/v2/images?image_type=snapshot")).Is(200)["images"].AsArray());
        await Plain(who, id, "shelveOffload");
        await Becomes(who, id, "SHELVED_OFFLOADED");
        Assert.Equal(0, await Claimed(id));
        await Plain(who, id, "pause", 409);
        await Plain(who, id, "unshelve");
        await Becomes(who, id, "ACTIVE");
        Assert.Empty((await who.Get("/image/v2/images?image_type=snapshot")).Is(200)["images"].AsArray());
        Assert.Equal(64, await Claimed(id));
    }

    [Fact]
    public async Task a_server_boots_from_a_volume_that_is_made_of_an_image_and_goes_with_it()
    {
        var who = await Cloud.NewProject();
        var device = new { source_type = "image", uuid = await Image(who), destination_type = "volume", boot_index = 0, volume_size = 1, delete_on_termination = true };
        var id = await Boot(who, new { name = Cloud.Name("s"), imageRef = "", flavorRef = await Flavor(), networks = Array.Empty<object>(), block_device_mapping_v2 = new[] { device } });
        Assert.Equal("", (string?)(await who.Get($"{Nova}/servers/{id}")).Is(200)["server"]["image"]);
        var volume = (string)(await who.Get($"{Nova}/servers/{id}/os-volume_attachments")).Is(200)["volumeAttachments"].AsArray().Single()!["volumeId"]!;
        (await who.Delete($"{Nova}/servers/{id}/os-volume_attachments/{volume}")).Is(403);
        (await who.Delete($"{Nova}/servers/{id}")).Is(204);
        await Wait.Until($"volume {volume} is gone", async () => (await who.Get($"/volume/v3/{who.ProjectId}/volumes/{volume}")).Status == 404);
    }

    [Fact]
    public async Task only_as_many_backups_are_kept_as_the_rotation_says()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        for (var n = 1; n <= 2; n++)
        {
            await Act(who, id, new { createBackup = new { name = $"b{n}", backup_type = "daily", rotation = 1 } });
            await Wait.For($"backup b{n} alone is there", () => who.Get("/image/v2/images?image_type=backup"),
                r => r["images"].AsArray() is [{ } only] && (string?)only["name"] == $"b{n}" && (string?)only["status"] == "active");
            await Wait.Until("no copy is under way", async () => (await who.Post($"{Nova}/servers/{id}/action", new { createImage = new { name = "s" } })).Status == 202);
            await Wait.Until("that copy is done", async () => (await who.Get("/image/v2/images?image_type=snapshot")).Is(200)["images"].AsArray().All(i => (string?)i!["status"] == "active"));
            await Becomes(who, id, "ACTIVE"); // the server learns a moment later than its image that it is done
        }
    }
}
