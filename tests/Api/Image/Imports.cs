using System.Security.Cryptography;
using Xiangyun.Testing;

namespace Xiangyun.Api.Image;

public sealed class ImportsOnSqlite() : Imports("sqlite");
public sealed class ImportsOnPostgres() : Imports("postgres");

public abstract class Imports(string database) : CloudTests(database)
{
    private static async Task<string> New(Client who, string format = "raw")
    {
        var reply = (await who.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = format, container_format = "bare" })).Is(201);
        Assert.Equal("glance-direct,web-download", reply.Header("OpenStack-image-import-methods"));
        return (string)reply["id"]!;
    }

    private static Task<Reply> Stage(Client who, string id, byte[] data) => who.Send(HttpMethod.Put, $"/image/v2/images/{id}/stage", data, "application/octet-stream");

    private static Task<Reply> Import(Client who, string id, string method, string? uri = null) => who.Post($"/image/v2/images/{id}/import", new { method = uri is null ? (object)new { name = method } : new { name = method, uri } });

    private static Task<Reply> Until(Client who, string id, Func<Reply, bool> wanted) => Wait.For($"image {id}", async () => (await who.Get($"/image/v2/images/{id}")).Is(200), wanted);

    [Fact, Proves("PUT /image/v2/images/{id}/stage"), Proves("POST /image/v2/images/{id}/import"), Proves("GET /image/v2/images/{id}/tasks")]
    public async Task staged_data_becomes_the_image_and_the_task_tells_so()
    {
        var (member, stranger) = (await Cloud.NewProject(), await Cloud.NewProject());
        var (id, data) = (await New(member), RandomNumberGenerator.GetBytes(200_000));
        (await Import(member, id, "glance-direct")).Is(409);
        (await Stage(member, id, data)).Is(204);
        Assert.Equal("uploading", (string?)(await member.Get($"/image/v2/images/{id}")).Is(200)["status"]);
        Assert.Contains(id, (await member.Get("/image/v2/images?status=uploading")).Is(200)["images"].AsArray().Select(i => (string)i!["id"]!));
        (await Stage(member, id, data)).Is(409);
        (await stranger.Post($"/image/v2/images/{id}/import", new { method = new { name = "glance-direct" } })).Is(404);
        (await Import(member, id, "glance-direct")).Is(202);
        var image = await Until(member, id, i => (string?)i["status"] == "active");
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(data)), (string?)image["os_hash_value"]);
        Assert.Equal("files", (string?)image["stores"]);
        Assert.Equal(data, (await member.Get($"/image/v2/images/{id}/file")).Is(200).Bytes);
        var task = (await member.Get($"/image/v2/images/{id}/tasks")).Is(200)["tasks"][0]!;
        Assert.Equal(("success", "glance-direct"), ((string?)task["status"], (string?)task["input"]!["import_req"]!["method"]!["name"]));
        (await member.Get($"/image/v2/tasks/{(string)task["id"]!}")).Is(200);
        (await stranger.Get($"/image/v2/tasks/{(string)task["id"]!}")).Is(404);
    }

    [Fact]
    public async Task data_that_is_not_what_it_claims_to_be_fails_the_task_and_stays_staged()
    {
        var member = await Cloud.NewProject();
        var id = await New(member, "qcow2");
        (await Stage(member, id, new byte[1000])).Is(204);
        (await Import(member, id, "glance-direct")).Is(202);
        var image = await Until(member, id, i => i.Json["os_glance_failed_import"] is not null);
        Assert.Equal("uploading", (string?)image["status"]);
        Assert.Contains("no qcow2", (string?)(await member.Get($"/image/v2/images/{id}/tasks")).Is(200)["tasks"][0]!["message"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1/secret")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]/")]
    [InlineData("http://8.8.8.8:22/")]
    [InlineData("file:///etc/passwd")]
    public async Task what_the_server_must_not_reach_is_refused(string uri)
    {
        var member = await Cloud.NewProject();
        (await Import(member, await New(member), "web-download", uri)).Is(400);
    }

    [Fact]
    public async Task a_name_that_leads_to_a_private_address_fails_the_task_and_the_image_is_queued_again()
    {
        var member = await Cloud.NewProject();
        var id = await New(member);
        (await Import(member, id, "web-download", "http://localhost/secret")).Is(202);
        var image = await Until(member, id, i => i.Json["os_glance_failed_import"] is not null);
        Assert.Equal("queued", (string?)image["status"]);
        Assert.Contains("public Internet", (string?)(await member.Get($"/image/v2/images/{id}/tasks")).Is(200)["tasks"][0]!["message"]);
        (await member.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", new byte[] { 1, 2, 3 }, "application/octet-stream")).Is(204);
        (await member.Get("/image/v2/info/stores")).Is(200);
    }
}
