using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Capacity;

public sealed class IdleQuestionsOnSqlite() : IdleQuestions("sqlite");
public sealed class IdleQuestionsOnPostgres() : IdleQuestions("postgres");

/// <summary>What seems of no use is asked about; only the owner's word ends it, and that can be taken back.</summary>
public abstract class IdleQuestions(string database) : CloudTests(database)
{
    private const string Own = Loads.Own;

    private static async Task<string> Volume(Client who)
    {
        var id = (string)(await who.Post("/volume/v3/volumes", new { volume = new { size = 3, name = "left" } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await who.Get($"/volume/v3/volumes/{id}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        return id;
    }

    private static async Task<JsonNode> Found(Client who, string objectId)
    {
        (await who.Post(Own + "/survey", new { })).Is(202);
        return await Wait.For("it is found", async () => (await who.Get(Own + "/idle")).Is(200)["idle"].AsArray().FirstOrDefault(i => (string)i!["object_id"]! == objectId)!, i => i is not null);
    }

    private static async Task<string> State(Client who, JsonNode idle) => (string)(await who.Get($"{Own}/idle/{(string)idle["id"]!}")).Is(200)["idle"]["state"]!;

    [Fact, Proves("GET /xiangyun/v1/capacity/idle"), Proves("GET /xiangyun/v1/capacity/idle/{id}"), Proves("POST /xiangyun/v1/capacity/idle/{id}/keep"), Proves("POST /xiangyun/v1/capacity/idle/{id}/release"), Proves("POST /xiangyun/v1/capacity/idle/{id}/undo")]
    public async Task a_volume_attached_to_nothing_is_kept_or_released_into_the_bin_and_had_back()
    {
        await Cloud.Settings(new { left_days = 0, remind_seconds = 3600 });
        var who = await Cloud.NewProject();
        var volume = await Volume(who);
        var idle = await Found(who, volume);
        var path = $"{Own}/idle/{(string)idle["id"]!}";
        Assert.Equal(("volume", "open", 3 * 50), ((string)idle["kind"]!, (string)idle["state"]!, (int)idle["cost"]!));
        var stranger = await Cloud.NewProject();
        (await stranger.Get(path)).Is(404);
        (await stranger.Post(path + "/release", new { release = new { } })).Is(404);
        (await Cloud.Admin.Post(path + "/release", new { release = new { } })).Is(403);
        (await (await Cloud.NewUser(who, "reader")).Post(path + "/keep", new { keep = new { reason = "r" } })).Is(403);
        (await who.Post(path + "/keep", new { keep = new { } })).Is(400);
        var kept = (await who.Post(path + "/keep", new { keep = new { reason = "audit copies", days = 30 } })).Is(200)["idle"];
        Assert.Equal(("kept", "audit copies"), ((string)kept["state"]!, (string)kept["reason"]!));

        (await who.Put($"/xiangyun/v1/protections/volume/{volume}", new { protection = new { reason = "evidence" } })).Is(200);
        Assert.Contains("evidence", (await who.Post(path + "/release", new { release = new { } })).Is(409).Text);
        (await (await Cloud.NewUser(who, "manager")).Delete($"/xiangyun/v1/protections/volume/{volume}")).Is(204);
        // no rule keeps anything here, and yet it can be had back
        var released = (await who.Post(path + "/release", new { release = new { reason = "old" } })).Is(202)["idle"];
        Assert.Equal("released", (string)released["state"]!);
        (await who.Get($"/volume/v3/volumes/{volume}")).Is(404);
        Assert.Equal(volume, (string)(await who.Get("/xiangyun/v1/recycle-bin/volume")).Is(200)["recycled"].AsArray().Single()!["id"]!);
        (await who.Post(path + "/undo", new { undo = new { } })).Is(200);
        Assert.Equal("available", (string)(await who.Get($"/volume/v3/volumes/{volume}")).Is(200)["volume"]["status"]!);
        Assert.Equal("kept", await State(who, idle));
        (await who.Post(path + "/undo", new { undo = new { } })).Is(409);
    }

    [Fact]
    public async Task an_idle_server_is_found_by_what_it_used_and_a_bureau_releases_it_for_its_system()
    {
        await Cloud.Settings(new { idle_days = 2, idle_cpu = 5, left_days = 30, remind_seconds = 3600 });
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        var who = await Cloud.NewProject("member", project);
        var id = (string)(await who.Post("/compute/v2.1/servers", Errands.ServerBody("zombie", await Cloud.NewFlavor(), await Cloud.NewImage(), await who.NewNetwork()))).Is(202)["server"]["id"]!;
        await who.Settled(id);
        Cloud.Remember(id, Loads.Past(5, 1, 10));
        var idle = await Found(chief, id);
        Assert.Equal("server_idle", (string)idle["kind"]!);
        Assert.Equal(1, (int)idle["evidence"]!["cpu_p95"]!);
        (await chief.Post($"{Own}/idle/{(string)idle["id"]!}/release", new { release = new { } })).Is(202);
        Assert.Equal("SOFT_DELETED", (string)(await who.Get($"/compute/v2.1/servers/{id}")).Is(200)["server"]["status"]!);
        (await chief.Post($"{Own}/idle/{(string)idle["id"]!}/undo", new { undo = new { } })).Is(200);
        Assert.Equal("ACTIVE", (string)(await Wait.For("it runs again", () => who.Get($"/compute/v2.1/servers/{id}"), r => (string)r["server"]["status"]! == "ACTIVE"))["server"]["status"]!);
    }

    [Fact]
    public async Task an_address_waits_before_it_goes_and_unanswered_questions_go_to_the_manager_but_nothing_is_deleted()
    {
        await Cloud.Settings(new { left_days = 0, remind_seconds = 1, reminders_before_manager = 1, undo_seconds = 60 });
        var who = await Cloud.NewProject();
        var volume = await Volume(who);
        var idle = await Found(who, volume);
        var asked = await Wait.For("it goes to the manager", async () =>
        {
            (await who.Post(Own + "/survey", new { })).Is(202);
            return (await who.Get($"{Own}/idle/{(string)idle["id"]!}")).Is(200)["idle"];
        }, i => i["escalated_at"] is not null);
        Assert.Equal((2, "open"), ((int)asked["reminders"]!, (string)asked["state"]!));
        (await who.Get($"/volume/v3/volumes/{volume}")).Is(200);
        Assert.NotEmpty((await who.Get(Own + "/idle?escalated=true")).Is(200)["idle"].AsArray());

        var outer = (string)(await Cloud.Admin.Post("/network/v2.0/networks", new Dictionary<string, object> { ["network"] = new Dictionary<string, object> { ["name"] = Cloud.Name("outer"), ["router:external"] = true } })).Is(201)["network"]["id"]!;
        (await Cloud.Admin.Post("/network/v2.0/subnets", new { subnet = new { network_id = outer, ip_version = 4, cidr = "198.51.100.0/28" } })).Is(201);
        var address = (string)(await who.Post("/network/v2.0/floatingips", new { floatingip = new { floating_network_id = outer } })).Is(201)["floatingip"]["id"]!;
        var lone = await Found(who, address);
        var path = $"{Own}/idle/{(string)lone["id"]!}";
        (await who.Post(path + "/release", new { release = new { } })).Is(202);
        (await who.Get($"/network/v2.0/floatingips/{address}")).Is(200);
        (await who.Post(path + "/undo", new { undo = new { } })).Is(200);
        (await who.Post(path + "/release", new { release = new { } })).Is(202);
        var id = (string)lone["id"]!;
        await Cloud.Database.Write(Kernel.Actor.System, tx => tx.Db<Xiangyun.Capacity.CapacityDb>().Idle.Where(i => i.Id == id).ExecuteUpdateAsync(s => s.SetProperty(i => i.ReleaseAt, tx.Now - 1)));
        await Cloud.Wake("capacity.release", id);
        await Wait.Until("the address is gone", async () => (await who.Get($"/network/v2.0/floatingips/{address}")).Status == 404);
        Assert.Equal("gone", await State(who, lone));
    }
}
