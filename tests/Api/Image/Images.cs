using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Xiangyun.Testing;

namespace Xiangyun.Api.Image;

public sealed class ImagesOnSqlite() : Images("sqlite");
public sealed class ImagesOnPostgres() : Images("postgres");

public abstract class Images(string database) : CloudTests(database)
{
    private const string PatchType = "application/openstack-images-v2.1-json-patch", Octets = "application/octet-stream";

    [Fact, Proves("PUT /image/v2/images/{id}/file"), Proves("GET /image/v2/images/{id}/file"), Proves("POST /image/v2/images")]
    public async Task what_is_uploaded_is_hashed_and_comes_back_whole_and_in_parts()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        var data = RandomNumberGenerator.GetBytes(300_000);
        (await member.Get($"/image/v2/images/{id}/file")).Is(204);
        (await Upload(member, id, data)).Is(204);
        (await Upload(member, id, data)).Is(409);
        var image = (await member.Get($"/image/v2/images/{id}")).Is(200);
        Assert.Equal("active", (string?)image["status"]);
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(data)), (string?)image["os_hash_value"]);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(data)), (string?)image["checksum"]);
        Assert.Equal(data, (await member.Get($"/image/v2/images/{id}/file")).Is(200).Bytes);
        Assert.Equal(data[10..20], (await member.With("Range", "bytes=10-19").Get($"/image/v2/images/{id}/file")).Is(206).Bytes);
        (await member.With("Range", "bytes=300000-").Get($"/image/v2/images/{id}/file")).Is(416);
    }

    [Fact]
    public async Task an_upload_that_breaks_off_leaves_the_image_queued_and_no_file()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        var url = new Uri(Cloud.Url);
        using (var socket = new TcpClient(url.Host, url.Port))
        {
            var head = $"PUT /image/v2/images/{id}/file HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {member.Token}\r\nContent-Type: {Octets}\r\nContent-Length: 1000000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string('z', 5000)));
            await Status(member, id, "saving");
            (await Upload(member, id, [1])).Is(409);
        }
        await Status(member, id, "queued");
        Assert.Empty(Directory.GetFiles(Path.Combine(Cloud.Folder.Path, "images"), id + "*"));
        (await Upload(member, id, [1, 2, 3])).Is(204);
    }

    [Fact]
    public async Task data_that_is_not_what_it_claims_to_be_is_refused()
    {
        var member = await Cloud.NewProject();
        var id = await New(member, "qcow2");
        Assert.Contains("no qcow2", (await Upload(member, id, new byte[1000])).Is(400).Text);
        await Status(member, id, "queued");
    }

    [Fact, Proves("DELETE /image/v2/images/{id}")]
    public async Task a_deleted_image_leaves_no_file_and_a_protected_one_stays()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        (await Upload(member, id, [1, 2, 3])).Is(204);
        (await Patch(member, id, new { op = "replace", path = "/protected", value = true })).Is(200);
        (await member.Delete($"/image/v2/images/{id}")).Is(403);
        (await Patch(member, id, new { op = "replace", path = "/protected", value = false })).Is(200);
        (await member.Delete($"/image/v2/images/{id}")).Is(204);
        (await member.Get($"/image/v2/images/{id}")).Is(404);
        await Wait.Until("the file is gone", () => Task.FromResult(Directory.GetFiles(Path.Combine(Cloud.Folder.Path, "images"), id + "*").Length == 0));
    }

    [Fact, Proves("PATCH /image/v2/images/{id}")]
    public async Task a_patch_changes_what_is_a_clients_and_nothing_else()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        var image = (await Patch(member, id, new { op = "add", path = "/hw_disk_bus", value = "virtio" }, new { op = "replace", path = "/name", value = "镜像" })).Is(200);
        Assert.Equal(("virtio", "镜像"), ((string?)image["hw_disk_bus"], (string?)image["name"]));
        foreach (var member0 in new[] { "status", "size", "checksum", "id", "created_at", "os_hash_value" }) (await Patch(member, id, new { op = "replace", path = "/" + member0, value = "x" })).Is(403);
        (await Patch(member, id, new { op = "replace", path = "/never_there", value = "x" })).Is(409);
        (await Patch(member, id, new { op = "remove", path = "/name" })).Is(403);
        (await Patch(member, id, new { op = "replace", path = "/visibility", value = "public" })).Is(403);
        (await member.Send(HttpMethod.Patch, $"/image/v2/images/{id}", "[]")).Is(415);
    }

    [Fact, Proves("POST /image/v2/images/{id}/members"), Proves("PUT /image/v2/images/{id}/members/{member}")]
    public async Task a_shared_image_is_listed_once_its_member_has_accepted_it()
    {
        var (owner, guest, stranger) = (await Cloud.NewProject(), await Cloud.NewProject(), await Cloud.NewProject());
        var id = await New(owner);
        (await guest.Get($"/image/v2/images/{id}")).Is(404);
        (await owner.Post($"/image/v2/images/{id}/members", new { member = guest.ProjectId })).Is(200);
        (await owner.Post($"/image/v2/images/{id}/members", new { member = guest.ProjectId })).Is(409);
        Assert.DoesNotContain(id, await Ids(guest));
        (await owner.Put($"/image/v2/images/{id}/members/{guest.ProjectId}", new { status = "accepted" })).Is(403);
        (await guest.Put($"/image/v2/images/{id}/members/{guest.ProjectId}", new { status = "accepted" })).Is(200);
        Assert.Contains(id, await Ids(guest));
        Assert.DoesNotContain(id, await Ids(stranger));
        (await guest.Delete($"/image/v2/images/{id}")).Is(403);
        (await stranger.Delete($"/image/v2/images/{id}")).Is(404);
    }

    [Fact, Proves("GET /image/v2/images")]
    public async Task pages_and_filters_find_each_image_once()
    {
        var member = await Cloud.NewProject();
        for (var n = 0; n < 5; n++) (await member.Post("/image/v2/images", new { name = $"n{n}", disk_format = "raw", container_format = "bare", tags = new[] { "all", "t" + n }, kind = n % 2 == 0 ? "even" : "odd" })).Is(201);
        var names = new List<string?>();
        for (var next = "/v2/images?limit=2&sort=name:asc&tag=all"; next is not null;)
        {
            var page = (await member.Get("/image" + next)).Is(200);
            names.AddRange(page["images"].AsArray().Select(i => (string?)i!["name"]));
            next = (string?)page.Json["next"];
        }
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], names);
        Assert.Equal(2, (await Ids(member, "?name=in:n1,n3")).Count);
        Assert.Equal(3, (await Ids(member, "?kind=even")).Count);
        Assert.Single(await Ids(member, "?tag=all&tag=t4"));
        (await member.Get("/image/v2/images?sort_key=nothing")).Is(400);
        (await member.Get("/image/v2/images?limit=-1")).Is(400);
    }

    [Fact, Proves("POST /image/v2/images/{id}/actions/deactivate"), Proves("POST /image/v2/images/{id}/actions/reactivate")]
    public async Task a_deactivated_image_is_not_given_out()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        (await member.Post($"/image/v2/images/{id}/actions/deactivate")).Is(403);
        (await Upload(member, id, [1, 2, 3])).Is(204);
        (await member.Post($"/image/v2/images/{id}/actions/deactivate")).Is(204);
        (await member.Get($"/image/v2/images/{id}/file")).Is(403);
        (await Cloud.Admin.Get($"/image/v2/images/{id}/file")).Is(200);
        (await member.Post($"/image/v2/images/{id}/actions/reactivate")).Is(204);
        (await member.Get($"/image/v2/images/{id}/file")).Is(200);
    }

    private static async Task<string> New(Client who, string format = "raw") =>
        (string)(await who.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = format, container_format = "bare" })).Is(201)["id"]!;

    private static Task<Reply> Upload(Client who, string id, byte[] data) => who.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", data, Octets);

    private static Task<Reply> Patch(Client who, string id, params object[] operations) =>
        who.Send(HttpMethod.Patch, $"/image/v2/images/{id}", System.Text.Json.JsonSerializer.Serialize(operations), PatchType);

    private static async Task<List<string?>> Ids(Client who, string query = "") =>
        [.. (await who.Get("/image/v2/images" + query)).Is(200)["images"].AsArray().Select(i => (string?)i!["id"])];

    private static Task Status(Client who, string id, string status) =>
        Wait.For($"image is {status}", async () => (string?)(await who.Get($"/image/v2/images/{id}")).Is(200)["status"], s => s == status);
}
