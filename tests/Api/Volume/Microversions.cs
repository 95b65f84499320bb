using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class MicroversionsOnSqlite() : Microversions("sqlite");
public sealed class MicroversionsOnPostgres() : Microversions("postgres");

/// <summary>What Cinder's microversions 3.3 to 3.70 brought, each asked for with its header.</summary>
public abstract class Microversions(string database) : CloudTests(database)
{
    [Fact]
    public async Task what_a_microversion_brought_is_not_there_before_it()
    {
        var who = await Cloud.NewProject();
        foreach (var (path, minor) in new[] { ("messages", 3), ("group_types", 11), ("volumes/summary", 12), ("groups", 13), ("group_snapshots", 14), ("attachments", 27), ("resource_filters", 33), ("volume-transfers", 55) })
        {
            (await At(who, minor - 1).Get(Root(who) + path)).Is(404);
            (await At(who, minor).Get(Root(who) + path)).Is(200);
        }
        var volume = await Made(who, new { size = 1 });
        Assert.Null((await At(who, 62).Get(Root(who) + "volumes/" + volume)).Is(200)["volume"]["volume_type_id"]);
        var newest = (await At(who, 70).Get(Root(who) + "volumes/" + volume)).Is(200);
        Assert.Equal("volume 3.70", newest.Header("OpenStack-API-Version"));
        Assert.NotNull(newest["volume"]["volume_type_id"]);
        Assert.True((bool)newest["volume"]["consumes_quota"]!);
        (await At(who, 71).Get(Root(who) + "volumes")).Is(406);
        (await At(who, 0).Post(Root(who) + "volumes", new { volume = new { size = 1, backup_id = (string?)null, group_id = (string?)null } })).Is(202); // as clients send it
        (await At(who, 46).Post(Root(who) + "volumes", new { volume = new { size = 1, backup_id = volume } })).Is(400);
    }

    [Fact, Proves("POST /volume/v3/groups"), Proves("POST /volume/v3/group_snapshots"), Proves("POST /volume/v3/groups/action"), Proves("POST /volume/v3/groups/{id}/action")]
    public async Task a_group_is_filled_snapshotted_copied_and_deleted_with_its_volumes()
    {
        var who = At(await Cloud.NewProject(), 58);
        var group = (string)(await who.Post(Root(who) + "groups", new { group = new { name = "portal", group_type = "__DEFAULT__", volume_types = new[] { "__DEFAULT__" } } })).Is(202)["group"]["id"]!;
        var (inside, outside) = (await Made(who, new { size = 1, group_id = group }), await Made(who, new { size = 1 }));
        (await who.Delete(Root(who) + "volumes/" + inside)).Is(400);
        (await who.Put(Root(who) + "groups/" + group, new { group = new { add_volumes = outside } })).Is(202);
        var shot = (string)(await who.Post(Root(who) + "group_snapshots", new { group_snapshot = new { group_id = group, name = "before" } })).Is(202)["group_snapshot"]["id"]!;
        await Becomes(who, "group_snapshots/" + shot, "group_snapshot", "available");
        Assert.Equal(2, (await who.Get(Root(who) + "snapshots/detail")).Is(200)["snapshots"].AsArray().Count(s => (string?)s!["group_snapshot_id"] == shot));
        var copy = (string)(await who.Post(Root(who) + "groups/action", new Dictionary<string, object> { ["create-from-src"] = new { name = "copy", group_snapshot_id = shot } })).Is(202)["group"]["id"]!;
        await Becomes(who, "groups/" + copy, "group", "available");
        Assert.Equal(2, (await who.Get(Root(who) + $"groups/{copy}?list_volume=true")).Is(200)["group"]["volumes"]!.AsArray().Count);
        (await Delete(copy, volumes: false)).Is(400);
        (await Delete(copy, volumes: true)).Is(202);
        (await Delete(group, volumes: true)).Is(400); // its group snapshot is still there
        (await who.Delete(Root(who) + "group_snapshots/" + shot)).Is(202);
        await Wait.Until("the group snapshot is gone", async () => (await who.Get(Root(who) + "group_snapshots/" + shot)).Status == 404);
        (await Delete(group, volumes: true)).Is(202);
        foreach (var id in new[] { copy, group }) await Wait.Until("the group is gone", async () => (await who.Get(Root(who) + "groups/" + id)).Status == 404);
        Assert.Empty((await who.Get(Root(who) + "volumes")).Is(200)["volumes"].AsArray());

        Task<Reply> Delete(string id, bool volumes) => who.Post(Root(who) + $"groups/{id}/action", new Dictionary<string, object> { ["delete"] = new Dictionary<string, object> { ["delete-volumes"] = volumes } });
    }

    [Fact, Proves("POST /volume/v3/attachments"), Proves("PUT /volume/v3/attachments/{id}"), Proves("DELETE /volume/v3/attachments/{id}"), Proves("POST /volume/v3/attachments/{id}/action")]
    public async Task a_client_that_attaches_by_itself_reserves_says_where_and_completes()
    {
        var who = At(await Cloud.NewProject(), 54);
        var volume = await Made(who, new { size = 1 });
        var made = (await who.Post(Root(who) + "attachments", new { attachment = new { volume_uuid = volume, instance_uuid = "6f70656e-0000-4000-8000-000000000001", connector = (object?)null } })).Is(200)["attachment"];
        var one = Root(who) + "attachments/" + made["id"];
        Assert.Equal("reserved", (string?)made["status"]);
        await Becomes(who, "volumes/" + volume, "volume", "reserved");
        (await who.Post(one + "/action", new Dictionary<string, object?> { ["os-complete"] = null })).Is(400);
        (await who.Put(one, new { attachment = new { connector = new { host = "metal-7", ip = "192.0.2.7" } } })).Is(200);
        await Becomes(who, "volumes/" + volume, "volume", "attaching");
        (await who.Post(one + "/action", new Dictionary<string, object?> { ["os-complete"] = null })).Is(204);
        await Becomes(who, "volumes/" + volume, "volume", "in-use");
        (await who.Post(Root(who) + "attachments", new { attachment = new { volume_uuid = volume, instance_uuid = "6f70656e-0000-4000-8000-000000000002" } })).Is(400);
        (await who.Delete(one)).Is(200);
        await Becomes(who, "volumes/" + volume, "volume", "available");
    }

    [Fact]
    public async Task an_attachment_of_a_server_is_taken_away_through_compute_only()
    {
        var who = At(await Cloud.NewProject(), 27);
        var server = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("holder", await Cloud.NewFlavor(), await Cloud.NewImage(), await who.NewNetwork()))).Is(202)["server"]["id"]!;
        Assert.Equal("ACTIVE", (string?)(await who.Settled(server))["server"]["status"]);
        var volume = await Made(who, new { size = 1 });
        (await who.Post($"/compute/v2.1/servers/{server}/os-volume_attachments", new { volumeAttachment = new { volumeId = volume } })).Is(200);
        await Becomes(who, "volumes/" + volume, "volume", "in-use");
        var id = (string)(await who.Get(Root(who) + "attachments/detail?volume_id=" + volume)).Is(200)["attachments"][0]!["id"]!;
        (await who.Delete(Root(who) + "attachments/" + id)).Is(409);
        await Becomes(who, "volumes/" + volume, "volume", "in-use");
    }

    [Fact]
    public async Task a_volume_of_a_multiattach_type_is_had_by_two_servers_and_by_no_client_older_than_that()
    {
        var (who, type) = (await Cloud.NewProject(), Cloud.Name("shared"));
        (await Cloud.Admin.Post($"/volume/v3/{Cloud.Admin.ProjectId}/types", new { volume_type = new { name = type, extra_specs = new { multiattach = "<is> True" } } })).Is(200);
        var (flavor, image, network) = (await Cloud.NewFlavor(), await Cloud.NewImage(), await who.NewNetwork());
        var volume = await Made(who, new { size = 1, volume_type = type });
        Assert.True((bool)(await who.Get(Root(who) + "volumes/" + volume)).Is(200)["volume"]["multiattach"]!);
        foreach (var name in new[] { "first", "second" })
        {
            var server = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody(name, flavor, image, network))).Is(202)["server"]["id"]!;
            Assert.Equal("ACTIVE", (string?)(await who.Settled(server))["server"]["status"]);
            (await who.Post($"/compute/v2.1/servers/{server}/os-volume_attachments", new { volumeAttachment = new { volumeId = volume } })).Is(400);
            (await who.With("OpenStack-API-Version", "compute 2.60").Post($"/compute/v2.1/servers/{server}/os-volume_attachments", new { volumeAttachment = new { volumeId = volume } })).Is(200);
            await Becomes(who, "volumes/" + volume, "volume", "in-use");
        }
        await Wait.Until("both have it", async () => (await At(who, 27).Get(Root(who) + "attachments?status=attached&volume_id=" + volume)).Is(200)["attachments"].AsArray().Count == 2);
    }

    [Fact, Proves("POST /volume/v3/volumes/{id}/action")]
    public async Task a_volume_goes_back_to_its_newest_snapshot_and_to_no_older_one()
    {
        var who = At(await Cloud.NewProject(), 68);
        var volume = await Made(who, new { size = 1 });
        var shots = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            shots.Add((string)(await who.Post(Root(who) + "snapshots", new { snapshot = new { volume_id = volume } })).Is(202)["snapshot"]["id"]!);
            await Becomes(who, "snapshots/" + shots[n], "snapshot", "available");
        }
        (await Act("revert", new { snapshot_id = shots[0] })).Is(400);
        (await At(who, 39).Post(Root(who) + $"volumes/{volume}/action", new { revert = new { snapshot_id = shots[1] } })).Is(400);
        (await Act("revert", new { snapshot_id = shots[1] })).Is(202);
        await Becomes(who, "volumes/" + volume, "volume", "available");
        (await Act("os-reimage", new { image_id = await Cloud.NewImage() })).Is(202);
        await Becomes(who, "volumes/" + volume, "volume", "available");
        Assert.NotNull((await who.Get(Root(who) + "volumes/" + volume)).Is(200)["volume"]["volume_image_metadata"]!["image_id"]);

        Task<Reply> Act(string action, object body) => who.Post(Root(who) + $"volumes/{volume}/action", new Dictionary<string, object> { [action] = body });
    }

    [Fact, Proves("GET /volume/v3/messages"), Proves("DELETE /volume/v3/messages/{id}")]
    public async Task a_volume_that_no_host_can_keep_says_so_in_a_message_and_can_be_deleted()
    {
        var (who, type) = (At(await Cloud.NewProject(), 5), Cloud.Name("impossible"));
        (await Cloud.Admin.Post($"/volume/v3/{Cloud.Admin.ProjectId}/types", new { volume_type = new { name = type, extra_specs = new { vendor_name = "somebody else" } } })).Is(200);
        var volume = (string)(await who.Post(Root(who) + "volumes", new { volume = new { size = 1, volume_type = type } })).Is(202)["volume"]["id"]!;
        await Becomes(who, "volumes/" + volume, "volume", "error");
        var message = (await who.Get(Root(who) + "messages?resource_uuid=" + volume)).Is(200)["messages"][0]!;
        Assert.Contains("somebody else", (string)message["user_message"]!, StringComparison.Ordinal);
        (await (await Cloud.NewProject()).With("OpenStack-API-Version", "volume 3.5").Get($"/volume/v3/messages/{message["id"]}")).Is(404);
        (await who.Delete(Root(who) + "messages/" + message["id"])).Is(204);
        (await who.Delete(Root(who) + "volumes/" + volume)).Is(202);
        await Wait.Until("the volume is gone", async () => (await who.Get(Root(who) + "volumes/" + volume)).Status == 404);
    }

    [Fact, Proves("GET /volume/v3/volumes/summary"), Proves("PUT /volume/v3/default-types/{target}")]
    public async Task lists_are_counted_summed_filtered_by_time_and_a_project_has_a_default_type()
    {
        var (who, type) = (At(await Cloud.NewProject(), 65), Cloud.Name("own"));
        (await Cloud.Admin.Post($"/volume/v3/{Cloud.Admin.ProjectId}/types", new { volume_type = new { name = type } })).Is(200);
        (await At(Cloud.Admin, 62).Put($"/volume/v3/default-types/{who.ProjectId}", new { default_type = new { volume_type = type } })).Is(200);
        var volume = await Made(who, new { size = 2, name = "云盘一", metadata = new { tier = "gold" } });
        await Made(who, new { size = 1, name = "云盘二", volume_type = "__DEFAULT__" });
        Assert.Equal(type, (string?)(await who.Get(Root(who) + "volumes/" + volume)).Is(200)["volume"]["volume_type"]);
        var sum = (await who.Get(Root(who) + "volumes/summary")).Is(200)["volume-summary"];
        Assert.Equal((2, 3, "gold"), ((int)sum["total_count"]!, (int)sum["total_size"]!, (string?)sum["metadata"]!["tier"]![0]));
        var page = (await who.Get(Root(who) + "volumes?with_count=true&limit=1")).Is(200);
        Assert.Equal((2, 1), ((int)page["count"], page["volumes"].AsArray().Count));
        Assert.Single((await who.Get(Root(who) + "volumes?name~=" + Uri.EscapeDataString("盘二"))).Is(200)["volumes"].AsArray());
        Assert.Empty((await who.Get(Root(who) + "volumes?created_at=lt:2020-01-01T00:00:00")).Is(200)["volumes"].AsArray());
        Assert.Equal(2, (await who.Get(Root(who) + "volumes?created_at=gt:2020-01-01T00:00:00")).Is(200)["volumes"].AsArray().Count);
        (await who.Get(Root(who) + "volumes?created_at=yesterday")).Is(400);
        (await At(Cloud.Admin, 62).Delete($"/volume/v3/default-types/{who.ProjectId}")).Is(204);
    }

    [Fact]
    public async Task metadata_that_changed_since_it_was_read_is_not_overwritten()
    {
        var who = At(await Cloud.NewProject(), 15);
        var path = Root(who) + $"volumes/{await Made(who, new { size = 1, metadata = new { k = "1" } })}/metadata";
        var tag = (await who.Get(path)).Is(200).Header("ETag")!;
        (await who.With("If-Match", tag).Put(path, new { metadata = new { k = "2" } })).Is(200);
        (await who.With("If-Match", tag).Put(path, new { metadata = new { k = "3" } })).Is(412);
        Assert.Equal("2", (string?)(await who.Get(path)).Is(200)["metadata"]["k"]);
    }

    [Fact]
    public async Task snapshots_go_with_a_transferred_volume()
    {
        var (giver, taker) = (At(await Cloud.NewProject(), 57), At(await Cloud.NewProject(), 57));
        var volume = await Made(giver, new { size = 1 });
        var shot = (string)(await giver.Post(Root(giver) + "snapshots", new { snapshot = new { volume_id = volume } })).Is(202)["snapshot"]["id"]!;
        await Becomes(giver, "snapshots/" + shot, "snapshot", "available");
        (await giver.Post(Root(giver) + "volume-transfers", new { transfer = new { volume_id = volume, no_snapshots = true } })).Is(400);
        var offer = (await giver.Post(Root(giver) + "volume-transfers", new { transfer = new { volume_id = volume } })).Is(202)["transfer"];
        Assert.Equal(giver.ProjectId, (string?)offer["source_project_id"]);
        (await taker.Post(Root(taker) + $"volume-transfers/{offer["id"]}/accept", new { accept = new { auth_key = (string)offer["auth_key"]! } })).Is(202);
        (await taker.Get(Root(taker) + "snapshots/" + shot)).Is(200);
        (await giver.Get(Root(giver) + "snapshots/" + shot)).Is(404);
    }

    [Fact]
    public async Task a_server_that_boots_from_a_volume_is_rebuilt_by_filling_the_volume_anew()
    {
        var who = await Cloud.NewProject();
        var (first, second) = (await Cloud.NewImage(), await Cloud.NewImage());
        var body = Errands.ServerBody("from-volume", await Cloud.NewFlavor(), first, await who.NewNetwork());
        var server = body["server"]!.AsObject();
        server.Remove("imageRef");
        server["block_device_mapping_v2"] = new JsonArray(new JsonObject { ["boot_index"] = 0, ["uuid"] = first, ["source_type"] = "image", ["destination_type"] = "volume", ["volume_size"] = 1, ["delete_on_termination"] = true });
        var id = (string)(await who.Post("/compute/v2.1/servers", body)).Is(202)["server"]["id"]!;
        Assert.Equal("ACTIVE", (string?)(await who.Settled(id))["server"]["status"]);
        var volume = (string)(await who.Get($"/compute/v2.1/servers/{id}/os-volume_attachments")).Is(200)["volumeAttachments"][0]!["volumeId"]!;
        (await who.With("OpenStack-API-Version", "compute 2.92").Post($"/compute/v2.1/servers/{id}/action", new { rebuild = new { imageRef = second } })).Is(400);
        (await who.With("OpenStack-API-Version", "compute 2.93").Post($"/compute/v2.1/servers/{id}/action", new { rebuild = new { imageRef = second } })).Is(202);
        Assert.Equal("ACTIVE", (string?)(await who.Settled(id))["server"]["status"]);
        await Becomes(who, "volumes/" + volume, "volume", "in-use");
        Assert.Equal(second, (string?)(await who.Get(Root(who) + "volumes/" + volume)).Is(200)["volume"]["volume_image_metadata"]!["image_id"]);
    }

    private static Client At(Client who, int minor) => who.With("OpenStack-API-Version", $"volume 3.{minor}");

    private static string Root(Client who) => $"/volume/v3/{who.ProjectId}/";

    private static async Task<string> Made(Client who, object volume)
    {
        var id = (string)(await who.Post(Root(who) + "volumes", new { volume })).Is(202)["volume"]["id"]!;
        await Becomes(who, "volumes/" + id, "volume", "available");
        return id;
    }

    private static Task Becomes(Client who, string path, string kind, string status) =>
        Wait.Until($"{path} is {status}", async () => (string?)(await who.Get(Root(who) + path)).Is(200)[kind]["status"] == status);
}
