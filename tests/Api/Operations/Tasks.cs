using System.Net;
using System.Net.Http.Headers;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

public sealed class TasksOnSqlite() : Tasks("sqlite");
public sealed class TasksOnPostgres() : Tasks("postgres");

/// <summary>Every long operation is listed for whoever may see its object, with real progress, and can be undone, stopped or tried again where the object allows it.</summary>
public abstract class Tasks(string database) : CloudTests(database)
{
    private static string At(object id, string verb = "") => $"{AlarmsOf.Own}/tasks/{id}{(verb.Length > 0 ? "/" + verb : "")}";

    [Fact, Proves("GET /xiangyun/v1/tasks"), Proves("GET /xiangyun/v1/tasks/{id}"), Proves("POST /xiangyun/v1/tasks/{id}/undo"), Proves("GET /xiangyun/v1/task-counts")]
    public async Task a_resize_is_a_task_that_can_be_undone_until_it_is_confirmed()
    {
        var (member, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var reader = await Cloud.NewUser(member, "reader");
        var (small, large) = (await Cloud.NewFlavor(), await Cloud.NewFlavor(ram: 128));
        var server = (string)(await member.Post("/compute/v2.1/servers", Errands.ServerBody(Cloud.Name("s"), small, await Cloud.NewImage(), await member.NewNetwork()))).Is(202)["server"]["id"]!;
        await member.Settled(server);
        var built = await member.TaskOf(server, t => (string)t["state"]! == "done");
        Assert.Equal(("server.create", member.UserId, member.ProjectId), ((string)built["kind"]!, (string)built["user_id"]!, (string)built["project_id"]!));
        (await member.Post($"/compute/v2.1/servers/{server}/action", new { resize = new { flavorRef = large } })).Is(202);
        var resize = await member.TaskOf(server, t => (string)t["kind"]! == "server.resize" && t.Can().Contains("undo"));
        Assert.Empty((await reader.Tasks($"object_id={server}&kind=server.resize"))[0].Can());
        Assert.Empty(await other.Tasks($"object_id={server}"));
        (await other.Get(At(resize["id"]!))).Is(404);
        (await other.Post(At(resize["id"]!, "undo"))).Is(404);
        (await reader.Post(At(resize["id"]!, "undo"))).Is(403);
        (await member.Post(At(resize["id"]!, "stop"))).Is(409);
        Assert.Equal("server.resize", (string)(await reader.Get(At(resize["id"]!))).Is(200)["task"]["kind"]!);
        (await member.Post(At(resize["id"]!, "undo"))).Is(202);
        await Wait.For("the old size is back", () => member.Get($"/compute/v2.1/servers/{server}"), r => (string)r["server"]["status"]! == "ACTIVE" && (string)r["server"]["flavor"]!["id"]! == small);
        (await member.Post(At(resize["id"]!, "undo"))).Is(409);
        await member.TaskOf(server, t => (string)t["kind"]! == "server.revert" && (string)t["state"]! == "done");
        Assert.True((int)(await member.Get($"{AlarmsOf.Own}/task-counts")).Is(200)["counts"]["done"]! >= 3);
    }

    [Fact, Proves("POST /xiangyun/v1/tasks/{id}/stop")]
    public async Task a_server_that_no_host_takes_failed_with_the_words_why_and_is_cleared_away_by_stop()
    {
        var member = await Cloud.NewProject();
        var server = await Cloud.BrokenServer(member);
        var task = Assert.Single(await member.Tasks($"object_id={server}&state=failed"));
        Assert.Contains("disk", (string)task["error"]!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["stop"], task.Can());
        (await member.Post(At(task["id"]!, "retry"))).Is(409);
        (await member.Post(At(task["id"]!, "stop"))).Is(202);
        await Wait.Until("the server is gone", async () => (await member.Get($"/compute/v2.1/servers/{server}")).Status == 404);
        foreach (var wrong in new[] { "state=odd", "marker=server.nothing", "limit=-1" }) Assert.InRange((await member.Get($"{AlarmsOf.Own}/tasks?{wrong}")).Status, 400, 404);
        foreach (var nothing in new[] { "server.nothing", "nothing", "odd.one", "." }) (await member.Get(At(nothing))).Is(404);
    }

    [Fact]
    public async Task an_upload_tells_its_bytes_its_rate_and_when_it_will_be_done()
    {
        var (member, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var image = (string)(await member.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        var upload = member.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new Slow(64, 64 << 10, TimeSpan.FromMilliseconds(120)), "application/octet-stream");
        var task = await member.TaskOf(image, t => (long?)t["bytes_per_second"] > 0 && (double?)t["percent"] > 0);
        Assert.Equal(("image.upload", "running", "copy", 64L * (64 << 10)), ((string)task["kind"]!, (string)task["state"]!, (string)task["stage"]!, (long)task["bytes_total"]!));
        var (done, rate, eta) = ((long)task["bytes_done"]!, (long)task["bytes_per_second"]!, (long)task["eta_seconds"]!);
        Assert.InRange(done, 1, 64L * (64 << 10));
        Assert.Equal((64L * (64 << 10) - done + rate - 1) / rate, eta);
        Assert.Empty(await other.Tasks($"object_id={image}"));
        (await upload).Is(204);
        var after = await member.TaskOf(image, t => (string)t["state"]! == "done");
        Assert.Null((long?)after["eta_seconds"]);
    }

    [Fact, Proves("POST /xiangyun/v1/tasks/{id}/retry")]
    public async Task an_import_that_failed_is_tried_again_and_fails_with_its_words_again()
    {
        var member = await Cloud.NewProject();
        var image = (string)(await member.Post("/image/v2/images", new { name = Cloud.Name("image"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await member.Post($"/image/v2/images/{image}/import", new { method = new { name = "web-download", uri = "http://localhost/image" } })).Is(202);
        var failed = await member.TaskOf(image, t => (string)t["state"]! == "failed");
        Assert.Equal("image.import", (string)failed["kind"]!);
        Assert.Contains("public Internet", (string)failed["error"]!);
        Assert.Equal(["retry"], failed.Can());
        (await member.Post(At(failed["id"]!, "retry"))).Is(202);
        await Wait.For("it failed again", () => member.Tasks($"object_id={image}&state=failed"), all => all.Count == 2);
        Assert.Empty((await member.Get(At(failed["id"]!))).Is(200)["task"].Can().Except(["retry"]));
    }

    [Fact]
    public async Task what_was_approved_and_failed_is_tried_again_only_by_who_asked()
    {
        var asker = await Cloud.NewProject();
        var manager = await Cloud.NewUser(asker, "manager");
        (await manager.Put($"{AlarmsOf.Own}/organisations/{asker.ProjectId}/approval-rules", new { rules = new { steps = new[] { new { role = "manager", at = "project" } } } })).Is(200);
        var request = (await asker.AskVolume(3)).Is(201)["request"];
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{asker.ProjectId}", new { quota_set = new { gigabytes = 1 } })).Is(200);
        (await manager.Decide(request)).Is(200);
        var id = "request." + (string)request["id"]!;
        await Wait.For("it failed", () => asker.Get(At(id)), r => r.Status == 200 && (string)r["task"]["state"]! == "failed");
        Assert.Empty((await manager.Get(At(id))).Is(200)["task"].Can());
        (await manager.Post(At(id, "retry"))).Is(403);
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{asker.ProjectId}", new { quota_set = new { gigabytes = 100 } })).Is(200);
        (await asker.Post(At(id, "retry"))).Is(202);
        await Wait.For("it was done", () => asker.Get(At(id)), r => r.Status == 200 && (string)r["task"]["state"]! == "done");
    }

    [Fact]
    public async Task volumes_snapshots_and_backups_are_listed_from_the_wish_to_the_end_page_by_page()
    {
        var (domain, bureau) = await Cloud.NewDomain();
        var member = await Cloud.NewProject("member", await bureau.Make("project", new { name = Cloud.Name("p"), domain_id = domain }));
        var volume = (string)(await member.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        await member.TaskOf(volume, t => (string)t["kind"]! == "volume.create" && (string)t["state"]! == "done");
        (await member.With("OpenStack-API-Version", "volume 3.60").Post($"/volume/v3/volumes/{volume}/action", new Dictionary<string, object> { ["os-extend"] = new { new_size = 2 } })).Is(202);
        await member.TaskOf(volume, t => (string)t["kind"]! == "volume.extend" && (string)t["state"]! == "done");
        var snapshot = (string)(await member.Post("/volume/v3/snapshots", new { snapshot = new { volume_id = volume } })).Is(202)["snapshot"]["id"]!;
        await member.TaskOf(snapshot, t => (string)t["kind"]! == "volume.snapshot" && (string)t["state"]! == "done");
        var backup = (string)(await member.Post("/volume/v3/backups", new { backup = new { volume_id = volume } })).Is(202)["backup"]["id"]!;
        await member.TaskOf(backup, t => (string)t["kind"]! == "volume.backup" && (string)t["state"]! == "done");
        var (ids, path) = (new List<string>(), $"{AlarmsOf.Own}/tasks?limit=1");
        for (string? next = path; next is not null;)
        {
            var page = (await bureau.Get(next)).Is(200);
            ids.AddRange(page["tasks"].AsArray().Select(t => (string)t!["id"]!));
            next = (string?)page.Json["next"] is { } link ? new Uri(link).PathAndQuery : null;
        }
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal((await member.Tasks()).Select(t => (string)t["id"]!).Order(), ids.Order());
        Assert.Equal(4, ids.Count);
        Assert.Equal(3, (await bureau.Tasks("kind=volume")).Count(t => ((string)t["id"]!).StartsWith("volume.", StringComparison.Ordinal)));
    }

    /// <summary>A body that is sent piece by piece.</summary>
    private sealed class Slow : HttpContent
    {
        private readonly int _pieces, _size;
        private readonly TimeSpan _pause;

        public Slow(int pieces, int size, TimeSpan pause)
        {
            (_pieces, _size, _pause) = (pieces, size, pause);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < _pieces; i++)
            {
                await stream.WriteAsync(new byte[_size]);
                await stream.FlushAsync();
                await Task.Delay(_pause);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)_pieces * _size;
            return true;
        }
    }
}
