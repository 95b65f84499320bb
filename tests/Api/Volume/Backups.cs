using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class BackupsOnSqlite() : Backups("sqlite");
public sealed class BackupsOnPostgres() : Backups("postgres");

/// <summary>A backup is kept away from the hosts and comes back as a new volume.</summary>
public abstract class Backups(string database) : CloudTests(database)
{
    [Fact, Proves("POST /volume/v3/backups"), Proves("GET /volume/v3/backups/detail"), Proves("POST /volume/v3/backups/{id}/restore"), Proves("DELETE /volume/v3/backups/{id}")]
    public async Task a_backup_outlives_its_volume_and_is_restored_with_what_it_had()
    {
        var who = await Cloud.NewProject();
        var root = $"/volume/v3/{who.ProjectId}";
        var volume = (string)(await who.Post($"{root}/volumes", new { volume = new { size = 1, metadata = new { site = "portal" } } })).Is(202)["volume"]["id"]!;
        await Becomes(who, $"{root}/volumes/{volume}", "volume", "available");
        var backup = (string)(await who.Post($"{root}/backups", new { backup = new { volume_id = volume, name = "nightly" } })).Is(202)["backup"]["id"]!;
        (await who.Delete($"{root}/backups/{backup}")).Is(400); // still being made
        await Becomes(who, $"{root}/backups/{backup}", "backup", "available");
        Assert.Empty((await who.Get($"{root}/snapshots")).Is(200)["snapshots"].AsArray());
        Assert.Equal([backup], (await who.Get($"{root}/backups/detail?volume_id={volume}")).Is(200)["backups"].AsArray().Select(b => (string)b!["id"]!));
        (await who.Delete($"{root}/volumes/{volume}")).Is(202);
        await Wait.Until("the volume is gone", async () => (await who.Get($"{root}/volumes/{volume}")).Status == 404);
        var restored = (string)(await who.Post($"{root}/backups/{backup}/restore", new { restore = new { name = "again" } })).Is(202)["restore"]["volume_id"]!;
        await Becomes(who, $"{root}/volumes/{restored}", "volume", "available");
        Assert.Equal("portal", (string?)(await who.Get($"{root}/volumes/{restored}")).Is(200)["volume"]["metadata"]!["site"]);
        var usage = (await who.Get($"{root}/limits")).Is(200)["limits"]["absolute"]!;
        Assert.Equal((1, 1), ((int)usage["totalBackupsUsed"]!, (int)usage["totalGigabytesUsed"]!));
        (await who.Delete($"{root}/backups/{backup}")).Is(202);
        await Wait.Until("the backup is gone", async () => (await who.Get($"{root}/backups/{backup}")).Status == 404);
    }

    [Fact]
    public async Task a_backup_is_its_projects_own_and_its_content_is_no_image_of_anybody()
    {
        var (who, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var root = $"/volume/v3/{who.ProjectId}";
        var mine = $"/image/v2/images?owner={who.ProjectId}";
        var volume = (string)(await who.Post($"{root}/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        await Becomes(who, $"{root}/volumes/{volume}", "volume", "available");
        var backup = (string)(await who.Post($"{root}/backups", new { backup = new { volume_id = volume } })).Is(202)["backup"]["id"]!;
        await Becomes(who, $"{root}/backups/{backup}", "backup", "available");
        Assert.Empty((await who.Get(mine)).Is(200)["images"].AsArray());
        (await stranger.Get($"/volume/v3/{stranger.ProjectId}/backups/{backup}")).Is(404);
        (await stranger.Post($"/volume/v3/{stranger.ProjectId}/backups/{backup}/restore", new { restore = new { } })).Is(404);
        (await who.Post($"{root}/backups", new { backup = new { volume_id = volume, incremental = true } })).Is(400);
        (await who.Post($"{root}/backups/{backup}/restore", new { restore = new { volume_id = volume } })).Is(202); // over what it holds now
        await Becomes(who, $"{root}/volumes/{volume}", "volume", "available");
        (await who.Post($"{root}/backups/{backup}/action", new JsonObject { ["os-force_delete"] = new JsonObject() })).Is(403);
    }

    private static Task Becomes(Client who, string path, string kind, string status) =>
        Wait.For($"{kind} is {status}", async () => (string)(await who.Get(path)).Is(200)[kind]["status"]!, seen => seen == status);
}
