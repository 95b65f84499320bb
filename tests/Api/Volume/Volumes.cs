using System.Text.Json.Nodes;
using Xiangyun.Testing;

namespace Xiangyun.Api.Volume;

public sealed class VolumesOnSqlite() : Volumes("sqlite");
public sealed class VolumesOnPostgres() : Volumes("postgres");

public abstract class Volumes(string database) : CloudTests(database)
{
    private const string Nowhere = "01a20610-0000-7000-8000-000000000001";

    [Fact, Proves("POST /volume/v3/volumes"), Proves("GET /volume/v3/volumes/{id}"), Proves("DELETE /volume/v3/volumes/{id}")]
    public async Task a_volume_is_made_grows_and_goes()
    {
        var member = await Cloud.NewProject();
        var id = await Made(member, new { size = 1, name = "云硬盘", metadata = new { k = "v" } });
        (await Act(member, id, "os-extend", new { new_size = 3 })).Is(202);
        var volume = await Status(member, id, "available");
        Assert.Equal((3, "云硬盘", "v", "__DEFAULT__"), ((int)volume["size"]!, (string?)volume["name"], (string?)volume["metadata"]!["k"], (string?)volume["volume_type"]));
        (await member.Delete(Path(member, id))).Is(202);
        await Gone(member, id);
        Assert.Equal(0, (int)(await member.Get($"/volume/v3/{member.ProjectId}/limits")).Is(200)["limits"]["absolute"]!["totalGigabytesUsed"]!);
    }

    [Fact]
    public async Task another_projects_volume_does_not_exist()
    {
        var (owner, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var id = await Made(owner, new { size = 1 });
        (await stranger.Get(Path(stranger, id))).Is(404);
        (await stranger.Delete(Path(stranger, id))).Is(404);
        (await Act(stranger, id, "os-extend", new { new_size = 9 })).Is(404);
        (await stranger.Get(Path(owner, id))).Is(400);
        (await Cloud.Admin.Get(Path(Cloud.Admin, id))).Is(200);
    }

    [Theory]
    [InlineData("""{"size":0}""", 400)]
    [InlineData("""{"size":"#$"}""", 400)]
    [InlineData("""{"name":"no size"}""", 400)]
    [InlineData("""{"size":1,"volume_type":"nothing"}""", 404)]
    [InlineData("""{"size":1,"source_volid":"01a20610-0000-7000-8000-000000000001"}""", 404)]
    [InlineData("""{"size":1,"snapshot_id":"01a20610-0000-7000-8000-000000000001"}""", 404)]
    [InlineData("""{"size":1,"imageRef":"01a20610-0000-7000-8000-000000000001"}""", 400)]
    [InlineData("""{"size":1,"availability_zone":"mars"}""", 400)]
    [InlineData("""{"size":1,"unknown":1}""", 400)]
    [InlineData("""{"size":2000}""", 413)]
    public async Task a_wish_that_cannot_be_is_refused(string wish, int status)
    {
        var member = await Cloud.NewProject();
        (await member.Post($"/volume/v3/{member.ProjectId}/volumes", $$"""{"volume":{{wish}}}""")).Is(status);
        Assert.Empty((await member.Get($"/volume/v3/{member.ProjectId}/volumes")).Is(200)["volumes"].AsArray());
    }

    [Fact]
    public async Task deleting_a_volume_in_use_is_refused()
    {
        var member = await Cloud.NewProject();
        var id = await Made(member, new { size = 1 });
        (await Act(member, id, "os-attach", new { instance_uuid = Nowhere, mountpoint = "/dev/vdc" })).Is(202);
        Assert.Equal(Nowhere, (string?)(await Status(member, id, "in-use"))["attachments"]![0]!["server_id"]);
        (await member.Delete(Path(member, id))).Is(400);
        (await Act(member, id, "os-attach", new { instance_uuid = Nowhere, mountpoint = "/dev/vdd" })).Is(400);
        (await Act(member, id, "os-begin_detaching", new { })).Is(202);
        await Status(member, id, "detaching");
        (await Act(member, id, "os-detach", new { })).Is(202);
        await Status(member, id, "available");
        (await member.Delete(Path(member, id))).Is(202);
    }

    [Fact, Proves("PUT /volume/v3/os-quota-sets/{target}")]
    public async Task the_quota_holds_for_creating_and_for_growing()
    {
        var member = await Cloud.NewProject();
        (await member.Put($"/volume/v3/{member.ProjectId}/os-quota-sets/{member.ProjectId}", new { quota_set = new { volumes = 1 } })).Is(403);
        (await Cloud.Admin.Put($"/volume/v3/{Cloud.Admin.ProjectId}/os-quota-sets/{member.ProjectId}", new { quota_set = new { volumes = 1, gigabytes = 2 } })).Is(200);
        var id = await Made(member, new { size = 1 });
        var refused = (await member.Post($"/volume/v3/{member.ProjectId}/volumes", new { volume = new { size = 1 } })).Is(413);
        Assert.Equal(413, (int)refused["overLimit"]["code"]!);
        (await Act(member, id, "os-extend", new { new_size = 3 })).Is(413);
        (await Act(member, id, "os-extend", new { new_size = 2 })).Is(202);
        await Status(member, id, "available");
    }

    [Fact]
    public async Task a_copy_is_made_on_the_same_host_and_at_least_as_large()
    {
        var member = await Cloud.NewProject();
        var source = await Made(member, new { size = 2 });
        (await member.Post($"/volume/v3/{member.ProjectId}/volumes", new { volume = new { size = 1, source_volid = source } })).Is(400);
        var copy = await Made(member, new { source_volid = source });
        Assert.Equal(await Host(source), await Host(copy));
    }

    [Fact, Proves("POST /volume/v3/volumes/{id}/action")]
    public async Task a_volume_becomes_an_image_and_the_image_a_volume()
    {
        var member = await Cloud.NewProject();
        var id = await Made(member, new { size = 1 });
        var image = (string?)(await Act(member, id, "os-volume_upload_image", new { image_name = "copy", disk_format = "qcow2" })).Is(202)["os-volume_upload_image"]["image_id"];
        await Wait.For("the image is active", async () => (string?)(await member.Get($"/image/v2/images/{image}")).Is(200)["status"], s => s == "active");
        await Status(member, id, "available");
        var again = await Status(member, await Made(member, new { size = 1, imageRef = image }), "available");
        Assert.Equal(("true", image), ((string?)again["bootable"], (string?)again["volume_image_metadata"]!["image_id"]));
    }

    [Fact, Proves("GET /volume/v3/volumes/detail")]
    public async Task the_list_is_paged_and_filtered_by_the_computed_status()
    {
        var member = await Cloud.NewProject();
        for (var n = 0; n < 3; n++) await Made(member, new { size = 1, name = $"v{n}" });
        var first = (await member.Get($"/volume/v3/{member.ProjectId}/volumes/detail?status=available&limit=2&sort=name:asc")).Is(200);
        Assert.Equal(["v0", "v1"], first["volumes"].AsArray().Select(v => (string?)v!["name"]));
        var rest = (await member.Get(new Uri((string)first["volumes_links"][0]!["href"]!).PathAndQuery)).Is(200);
        Assert.Equal(["v2"], rest["volumes"].AsArray().Select(v => (string?)v!["name"]));
        Assert.Empty((await member.Get($"/volume/v3/{member.ProjectId}/volumes?status=error")).Is(200)["volumes"].AsArray());
    }

    [Fact]
    public async Task what_an_administrator_reset_is_seen_until_it_is_reset_back()
    {
        var member = await Cloud.NewProject();
        var id = await Made(member, new { size = 1 });
        (await Act(member, id, "os-reset_status", new { status = "error" })).Is(403);
        (await Act(Cloud.Admin, id, "os-reset_status", new { status = "error" })).Is(202);
        await Status(member, id, "error");
        (await Act(Cloud.Admin, id, "os-reset_status", new { status = "available" })).Is(202);
        await Status(member, id, "available");
    }

    [Fact]
    public async Task a_microversion_that_is_not_offered_is_406()
    {
        var member = await Cloud.NewProject();
        (await member.With("OpenStack-API-Version", "volume 3.99").Get($"/volume/v3/{member.ProjectId}/volumes")).Is(406);
        Assert.Equal("volume 3.0", (await member.Get($"/volume/v3/{member.ProjectId}/volumes")).Is(200).Header("OpenStack-API-Version"));
    }

    private static string Path(Client who, string id) => $"/volume/v3/{who.ProjectId}/volumes/{id}";

    private static Task<Reply> Act(Client who, string id, string action, object body) => who.Post(Path(who, id) + "/action", new Dictionary<string, object> { [action] = body });

    private static async Task<string> Made(Client who, object volume)
    {
        var id = (string)(await who.Post($"/volume/v3/{who.ProjectId}/volumes", new { volume })).Is(202)["volume"]["id"]!;
        await Status(who, id, "available");
        return id;
    }

    private static Task<JsonNode> Status(Client who, string id, string status) =>
        Wait.For($"volume is {status}", async () => (await who.Get(Path(who, id))).Is(200)["volume"], v => (string?)v["status"] == status);

    private static Task Gone(Client who, string id) => Wait.Until("the volume is gone", async () => (await who.Get(Path(who, id))).Status == 404);

    private async Task<string?> Host(string id) => (string?)(await Cloud.Admin.Get(Path(Cloud.Admin, id))).Is(200)["volume"]["os-vol-host-attr:host"];
}
