using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class KeepingOnSqlite() : Keeping("sqlite");
public sealed class KeepingOnPostgres() : Keeping("postgres");

/// <summary>What was deleted by mistake comes back; what must not be deleted stays.</summary>
public abstract class Keeping(string database) : CloudTests(database)
{
    private const string Bin = $"{Asking.Own}/recycle-bin";

    private async Task<(Client Manager, Client Member)> Office(object keep)
    {
        var (bureau, chief) = await Cloud.NewDomain();
        (await chief.Put($"{Asking.Own}/organisations/{bureau}/recycle-rules", new { keep_seconds = keep })).Is(200);
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        return (await Cloud.NewProject("manager", project), await Cloud.NewProject("member", project));
    }

    private static async Task<string> Volume(Client who)
    {
        var id = (string)(await who.Post("/volume/v3/volumes", new { volume = new { size = 1, name = "papers" } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await who.Get($"/volume/v3/volumes/{id}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        return id;
    }

    private static async Task<string[]> InBin(Client who, string kind) => [.. (await who.Get($"{Bin}/{kind}")).Is(200)["recycled"].AsArray().Select(r => (string)r!["id"]!)];

    [Fact]
    public async Task a_bureaus_manager_sees_what_was_deleted_anywhere_below_and_another_bureaus_sees_nothing_of_it()
    {
        var ((bureau, chief), (_, stranger)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        (await chief.Put($"{Asking.Own}/organisations/{bureau}/recycle-rules", new { keep_seconds = new { volume = 86_400 } })).Is(200);
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var who = await Cloud.NewProject("member", project);
        var volume = await Volume(who);
        (await who.Delete($"/volume/v3/volumes/{volume}")).Is(202);
        Assert.Equal([volume], await InBin(chief, "volume"));
        Assert.Empty(await InBin(stranger, "volume"));
    }

    [Fact, Proves("GET /xiangyun/v1/recycle-bin/{kind}"), Proves("POST /xiangyun/v1/recycle-bin/{kind}/{id}/restore"), Proves("DELETE /xiangyun/v1/recycle-bin/{kind}/{id}"), Proves("PUT /xiangyun/v1/organisations/{id}/recycle-rules")]
    public async Task a_deleted_volume_and_image_come_back_as_they_were()
    {
        var (manager, who) = await Office(new { volume = 86_400, image = 86_400 });
        var volume = await Volume(who);
        (await who.Delete($"/volume/v3/volumes/{volume}")).Is(202);
        (await who.Get($"/volume/v3/volumes/{volume}")).Is(404);
        Assert.Equal(0, await who.Volumes());
        Assert.Equal([volume], await InBin(who, "volume"));
        Assert.Equal([volume], await InBin(manager, "volume"));
        var stranger = await Cloud.NewProject();
        Assert.Empty(await InBin(stranger, "volume"));
        (await stranger.Post($"{Bin}/volume/{volume}/restore", new { })).Is(404);
        Assert.Equal(1, (int)(await who.Get($"/volume/v3/os-quota-sets/{who.ProjectId}?usage=true")).Is(200)["quota_set"]["volumes"]!["in_use"]!);
        (await who.Post($"{Bin}/volume/{volume}/restore", new { })).Is(204);
        Assert.Equal("available", (string)(await who.Get($"/volume/v3/volumes/{volume}")).Is(200)["volume"]["status"]!);
        (await who.Post($"{Bin}/moon/{volume}/restore", new { })).Is(404);

        var image = (string)(await who.Post("/image/v2/images", new { name = "plan", disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
        (await who.Delete($"/image/v2/images/{image}")).Is(204);
        (await who.Get($"/image/v2/images/{image}")).Is(404);
        Assert.DoesNotContain(image, (await who.Get("/image/v2/images")).Text);
        (await who.Post($"{Bin}/image/{image}/restore", new { })).Is(204);
        Assert.Equal("active", (string)(await who.Get($"/image/v2/images/{image}")).Is(200)["status"]!);

        (await who.Delete($"/volume/v3/volumes/{volume}")).Is(202);
        (await who.Delete($"{Bin}/volume/{volume}")).Is(204);
        Assert.Empty(await InBin(who, "volume"));
        await Wait.Until("its quota is free", async () => (int)(await who.Get($"/volume/v3/os-quota-sets/{who.ProjectId}?usage=true")).Is(200)["quota_set"]["volumes"]!["in_use"]! == 0);
    }

    [Fact, Proves("GET /xiangyun/v1/organisations/{id}/recycle-rules")]
    public async Task what_stays_in_the_bin_for_its_time_is_deleted_by_itself_and_the_nearest_rule_counts()
    {
        var (manager, who) = await Office(new { volume = 2 });
        var rules = $"{Asking.Own}/organisations/{who.ProjectId}/recycle-rules";
        Assert.Equal(2, (int)(await who.Get(rules)).Is(200)["keep"]["volume"]!["seconds"]!);
        var volume = await Volume(who);
        (await who.Delete($"/volume/v3/volumes/{volume}")).Is(202);
        await Wait.Until("it is purged", async () => (await InBin(who, "volume")).Length == 0);
        (await who.Put(rules, new { keep_seconds = new { volume = 0 } })).Is(403);
        (await manager.Put(rules, new { keep_seconds = new { volume = -1 } })).Is(400);
        (await manager.Put(rules, new { keep_seconds = new { moon = 1 } })).Is(400);
        (await manager.Put(rules, new { keep_seconds = new { volume = 0 } })).Is(200);
        var other = await Volume(who);
        (await who.Delete($"/volume/v3/volumes/{other}")).Is(202);
        Assert.Empty(await InBin(who, "volume"));
        (await (await Cloud.NewProject()).Get(rules)).Is(404);
    }

    [Fact]
    public async Task a_deleted_server_stops_and_restore_lets_it_run_again_with_its_address()
    {
        var (_, who) = await Office(new { server = 86_400 });
        var server = await Machine(who);
        var address = (await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"]["addresses"]!.ToJsonString();
        (await who.Delete($"/compute/v2.1/servers/{server}")).Is(204);
        await Wait.For("it has stopped", () => who.Get($"/compute/v2.1/servers/{server}"), r => (string)r["server"]["status"]! == "SOFT_DELETED" && (int)r["server"]["OS-EXT-STS:power_state"]! == 4);
        Assert.Empty((await who.Get("/compute/v2.1/servers")).Is(200)["servers"].AsArray());
        Assert.Single((await who.Get("/compute/v2.1/servers?status=SOFT_DELETED")).Is(200)["servers"].AsArray());
        Assert.Equal([server], await InBin(who, "server"));
        (await who.Post($"/compute/v2.1/servers/{server}/action", new Dictionary<string, object?> { ["os-start"] = null })).Is(409);
        (await who.Post($"/compute/v2.1/servers/{server}/action", new Dictionary<string, object?> { ["restore"] = null })).Is(202);
        await Wait.For("it runs", () => who.Get($"/compute/v2.1/servers/{server}"), r => (string)r["server"]["status"]! == "ACTIVE");
        Assert.Equal(address, (await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"]["addresses"]!.ToJsonString());
        (await who.Post($"/compute/v2.1/servers/{server}/action", new Dictionary<string, object?> { ["restore"] = null })).Is(409);
        (await who.Delete($"/compute/v2.1/servers/{server}")).Is(204);
        (await who.Post($"/compute/v2.1/servers/{server}/action", new Dictionary<string, object?> { ["forceDelete"] = null })).Is(202);
        await Wait.Until("it is gone", async () => (await who.Get($"/compute/v2.1/servers/{server}")).Status == 404);
        Assert.Empty(await InBin(who, "server"));
    }

    [Fact, Proves("PUT /xiangyun/v1/protections/{kind}/{id}"), Proves("DELETE /xiangyun/v1/protections/{kind}/{id}"), Proves("GET /xiangyun/v1/protections")]
    public async Task what_is_protected_is_deleted_by_nobody_until_a_manager_lifts_it()
    {
        var (manager, who) = await Office(new { server = 60, volume = 60 });
        var (server, volume) = (await Machine(who), await Volume(who));
        foreach (var (kind, id) in new[] { ("server", server), ("volume", volume) }) (await who.Put($"{Asking.Own}/protections/{kind}/{id}", new { protection = new { reason = "the mayor's site" } })).Is(200);
        Assert.Contains("the mayor's site", (await who.Delete($"/compute/v2.1/servers/{server}")).Is(409).Text);
        (await Cloud.Admin.Delete($"/compute/v2.1/servers/{server}")).Is(409);
        (await who.Post($"/compute/v2.1/servers/{server}/action", new Dictionary<string, object?> { ["forceDelete"] = null })).Is(409);
        Assert.Equal(409, (await who.Delete($"/volume/v3/volumes/{volume}")).Status);
        Assert.Equal("ACTIVE", (string)(await who.Get($"/compute/v2.1/servers/{server}")).Is(200)["server"]["status"]!);
        Assert.Equal(2, (await who.Get($"{Asking.Own}/protections")).Is(200)["protections"].AsArray().Count);
        var stranger = await Cloud.NewProject("manager");
        (await stranger.Put($"{Asking.Own}/protections/server/{server}", new { protection = new { } })).Is(404);
        (await stranger.Delete($"{Asking.Own}/protections/server/{server}")).Is(404);
        (await who.Delete($"{Asking.Own}/protections/server/{server}")).Is(403);
        (await manager.Delete($"{Asking.Own}/protections/server/{server}")).Is(204);
        (await who.Delete($"/compute/v2.1/servers/{server}")).Is(204);
    }

    private async Task<string> Machine(Client who)
    {
        var flavor = (string)(await Cloud.Admin.Post("/compute/v2.1/flavors", new { flavor = new { name = Cloud.Name("f"), ram = 64, vcpus = 1, disk = 1 } })).Is(200)["flavor"]["id"]!;
        var image = (string)(await who.Post("/image/v2/images", new { name = "i", disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{image}/file", new byte[4096], "application/octet-stream")).Is(204);
        var network = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        (await who.Post("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.9.0.0/24" } })).Is(201);
        var server = (string)(await who.Post("/compute/v2.1/servers", new { server = new { name = "s", imageRef = image, flavorRef = flavor, networks = new[] { new { uuid = network } } } })).Is(202)["server"]["id"]!;
        await Wait.For("it runs", () => who.Get($"/compute/v2.1/servers/{server}"), r => (string)r["server"]["status"]! == "ACTIVE");
        return server;
    }
}
