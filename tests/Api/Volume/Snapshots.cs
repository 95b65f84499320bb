using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class SnapshotsOnSqlite() : Snapshots("sqlite");
public sealed class SnapshotsOnPostgres() : Snapshots("postgres");

public abstract class Snapshots(string database) : CloudTests(database)
{
    [Fact, Proves("POST /volume/v3/snapshots"), Proves("DELETE /volume/v3/snapshots/{id}")]
    public async Task a_volume_is_made_of_a_snapshot_and_outlives_it()
    {
        var who = await Cloud.NewProject();
        var volume = await Made(who, "volume", new { size = 1 });
        var snapshot = await Made(who, "snapshot", new { volume_id = volume, name = "before", metadata = new { k = "v" } });
        var copy = await Made(who, "volume", new { snapshot_id = snapshot });
        Assert.Equal((snapshot, 1), ((string?)(await Get(who, "volume", copy))["snapshot_id"], (int)(await Get(who, "volume", copy))["size"]!));
        (await who.Delete(Path(who, "snapshot", snapshot))).Is(202);
        await Wait.Until("the snapshot is gone", async () => (await who.Get(Path(who, "snapshot", snapshot))).Status == 404);
        await Status(who, "volume", copy, "available");
    }

    [Fact]
    public async Task a_volume_with_snapshots_goes_only_by_cascade()
    {
        var who = await Cloud.NewProject();
        var volume = await Made(who, "volume", new { size = 1 });
        await Made(who, "snapshot", new { volume_id = volume });
        (await who.Delete(Path(who, "volume", volume))).Is(400);
        (await who.Delete(Path(who, "volume", volume) + "?cascade=true")).Is(202);
        await Wait.Until("nothing is left", async () => (int)(await who.Get($"/volume/v3/{who.ProjectId}/limits")).Is(200)["limits"]["absolute"]!["totalGigabytesUsed"]! == 0);
    }

    [Fact]
    public async Task snapshots_are_no_volumes_and_others_do_not_see_them()
    {
        var (who, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var volume = await Made(who, "volume", new { size = 1 });
        var snapshot = await Made(who, "snapshot", new { volume_id = volume });
        Assert.Single((await who.Get($"/volume/v3/{who.ProjectId}/volumes")).Is(200)["volumes"].AsArray());
        (await who.Get(Path(who, "volume", snapshot))).Is(404);
        (await who.Get(Path(who, "snapshot", volume))).Is(404);
        (await stranger.Get(Path(stranger, "snapshot", snapshot))).Is(404);
        (await stranger.Post($"/volume/v3/{stranger.ProjectId}/volumes", new { volume = new { snapshot_id = snapshot } })).Is(404);
    }

    [Fact, Proves("POST /volume/v3/os-volume-transfer"), Proves("POST /volume/v3/os-volume-transfer/{id}/accept")]
    public async Task a_volume_goes_to_whoever_has_the_key_and_to_nobody_else()
    {
        var (giver, taker) = (await Cloud.NewProject(), await Cloud.NewProject());
        var volume = await Made(giver, "volume", new { size = 1 });
        var offer = (await giver.Post($"/volume/v3/{giver.ProjectId}/os-volume-transfer", new { transfer = new { volume_id = volume } })).Is(202)["transfer"];
        await Status(giver, "volume", volume, "awaiting-transfer");
        var accept = $"/volume/v3/{taker.ProjectId}/os-volume-transfer/{offer["id"]}/accept";
        (await taker.Post(accept, new { accept = new { auth_key = "guessed" } })).Is(400);
        (await taker.Post(accept, new { accept = new { auth_key = (string)offer["auth_key"]! } })).Is(202);
        await Status(taker, "volume", volume, "available");
        (await giver.Get(Path(giver, "volume", volume))).Is(404);
    }

    private static string Path(Client who, string kind, string id) => $"/volume/v3/{who.ProjectId}/{kind}s/{id}";

    private static async Task<JsonNode> Get(Client who, string kind, string id) => (await who.Get(Path(who, kind, id))).Is(200)[kind];

    private static async Task<string> Made(Client who, string kind, object body)
    {
        var id = (string)(await who.Post($"/volume/v3/{who.ProjectId}/{kind}s", new Dictionary<string, object> { [kind] = body })).Is(202)[kind]["id"]!;
        await Status(who, kind, id, "available");
        return id;
    }

    private static Task<JsonNode> Status(Client who, string kind, string id, string status) => Wait.For($"{kind} is {status}", () => Get(who, kind, id), v => (string?)v["status"] == status);
}
