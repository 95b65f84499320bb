using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Operations;

public sealed class AlarmsOnSqlite() : Alarms("sqlite");
public sealed class AlarmsOnPostgres() : Alarms("postgres");

/// <summary>What is wrong is told once, to those whom it concerns, until it is over.</summary>
public abstract class Alarms(string database) : CloudTests(database)
{
    [Fact, Proves("GET /xiangyun/v1/alarms"), Proves("GET /xiangyun/v1/alarms/{id}"), Proves("POST /xiangyun/v1/alarms/{id}/acknowledge"), Proves("POST /xiangyun/v1/alarms/{id}/silence"), Proves("GET /xiangyun/v1/alarm-counts")]
    public async Task a_server_in_error_is_one_alarm_of_its_project_until_it_is_gone()
    {
        var (member, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var reader = await Cloud.NewUser(member, "reader");
        var server = await Cloud.BrokenServer(member);
        await Cloud.Look();
        await Cloud.Look();
        var alarm = Assert.Single(await member.Alarms($"object_id={server}"));
        Assert.Equal(("server.error", "major", "open", "server-error", member.ProjectId), ((string)alarm["kind"]!, (string)alarm["severity"]!, (string)alarm["state"]!, (string)alarm["page"]!, (string)alarm["project_id"]!));
        Assert.Contains("disk", (string)alarm["message"]!, StringComparison.OrdinalIgnoreCase);
        var path = $"{AlarmsOf.Own}/alarms/{alarm["id"]}";
        Assert.Equal(1, (int)(await reader.Get($"{AlarmsOf.Own}/alarm-counts")).Is(200)["counts"]["major"]!);
        Assert.Empty(await other.Alarms($"object_id={server}"));
        (await other.Get(path)).Is(404);
        (await other.Post(path + "/acknowledge", new { acknowledgement = new { } })).Is(404);
        (await reader.Post(path + "/acknowledge", new { acknowledgement = new { } })).Is(403);

        var taken = (await member.Post(path + "/acknowledge", new { acknowledgement = new { note = "looking" } })).Is(200)["alarm"];
        Assert.Equal(("acknowledged", "looking", member.UserName), ((string)taken["state"]!, (string)taken["note"]!, (string)taken["acknowledged_by"]!));
        Assert.Equal(0, (int)(await reader.Get($"{AlarmsOf.Own}/alarm-counts")).Is(200)["counts"]["major"]!);
        (await member.Post(path + "/silence", new { silence = new { until = "soon" } })).Is(400);
        (await member.Post(path + "/silence", new { silence = new { until = "2999-01-01T00:00:00Z" } })).Is(400);
        Assert.Equal("silenced", (string)(await member.Post(path + "/silence", new { silence = new { until = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O") } })).Is(200)["alarm"]["state"]!);
        await Cloud.Look();
        Assert.Equal("silenced", (string)(await member.Get(path)).Is(200)["alarm"]["state"]!);
        Assert.Single(await member.Alarms("state=silenced"));

        (await member.Delete($"/compute/v2.1/servers/{server}")).Is(204);
        await Wait.Until("the server is gone", async () => (await member.Get($"/compute/v2.1/servers/{server}")).Status == 404);
        await Cloud.Look();
        Assert.Equal("cleared", (string)(await member.Get(path)).Is(200)["alarm"]["state"]!);
        Assert.Empty(await member.Alarms("state=uncleared"));
        (await member.Post(path + "/acknowledge", new { acknowledgement = new { } })).Is(409);
    }

    [Fact]
    public async Task a_bureau_sees_its_own_alarms_and_those_who_run_the_cloud_all()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var (_, stranger) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        var member = await Cloud.NewProject("member", project);
        var server = await Cloud.BrokenServer(member);
        await Cloud.Look();
        foreach (var who in new[] { manager, member, Cloud.Admin }) Assert.Single(await who.Alarms($"object_id={server}"));
        Assert.Single(await Cloud.Admin.Alarms($"object_id={server}&domain_id={domain}&severity=major&kind=server.error&sort=-severity"));
        Assert.Empty(await stranger.Alarms($"object_id={server}"));
        var alarm = (await manager.Alarms($"object_id={server}"))[0];
        (await manager.Post($"{AlarmsOf.Own}/alarms/{alarm["id"]}/acknowledge", new { acknowledgement = new { note = "called the vendor" } })).Is(200);
        (await stranger.Get($"{AlarmsOf.Own}/alarms/{alarm["id"]}")).Is(404);
        foreach (var wrong in new[] { "state=broken", "severity=9", "sort=name", "since=yesterday", "marker=nothing" }) (await member.Get($"{AlarmsOf.Own}/alarms?{wrong}")).Is(400);
    }

    [Fact]
    public async Task a_quota_that_is_nearly_full_is_told_to_whoever_holds_it_and_the_limit_is_the_operators()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("p"), domain_id = domain });
        (await Cloud.Admin.Put($"{AlarmsOf.Own}/organisations/{domain}/quotas", new { quotas = new Dictionary<string, int> { ["volume.gigabytes"] = 100 } })).Is(200);
        var member = await Cloud.NewProject("member", project);
        (await member.Post("/volume/v3/volumes", new { volume = new { size = 89 } })).Is(202);
        await Cloud.Look();
        Assert.Empty(await manager.Alarms($"object_id={domain}"));
        (await member.Post("/volume/v3/volumes", new { volume = new { size = 4 } })).Is(202);
        await Cloud.Look();
        var alarm = Assert.Single(await manager.Alarms($"object_id={domain}"));
        Assert.Equal(("quota.full", "warning", "93", "93", "100"), ((string)alarm["kind"]!, (string)alarm["severity"]!, (string)alarm["values"]!["percent"]!, (string)alarm["values"]!["used"]!, (string)alarm["values"]!["limit"]!));
        Assert.Empty(await member.Alarms($"object_id={domain}"));
        (await member.Post("/volume/v3/volumes", new { volume = new { size = 7 } })).Is(202);
        await Cloud.Look();
        Assert.Equal("minor", (string)(await manager.Alarms($"object_id={domain}"))[0]["severity"]!);
    }

    [Fact, Proves("GET /xiangyun/v1/alarm-settings"), Proves("PUT /xiangyun/v1/alarm-settings")]
    public async Task limits_are_read_and_set_in_one_place_by_those_who_run_the_cloud()
    {
        const string settings = AlarmsOf.Own + "/alarm-settings";
        var member = await Cloud.NewProject("manager");
        (await member.Get(settings)).Is(403);
        (await member.Put(settings, new { settings = new { } })).Is(403);
        double Value(Reply reply, string name) => (double)reply["settings"]["limits"]!.AsArray().Single(l => (string)l!["name"]! == name)!["value"]!;
        Assert.Equal(95, Value((await Cloud.Admin.Get(settings)).Is(200), "host.memory.percent"));
        Assert.Equal(99, Value((await Cloud.Admin.Put(settings, new { settings = new { limits = new Dictionary<string, int?> { ["host.memory.percent"] = 99 } } })).Is(200), "host.memory.percent"));
        Assert.Equal(95, Value((await Cloud.Admin.Put(settings, new { settings = new { limits = new Dictionary<string, int?> { ["host.memory.percent"] = null } } })).Is(200), "host.memory.percent"));
        foreach (var wrong in new object[] { new { limits = new { nothing = 1 } }, new { limits = new Dictionary<string, int> { ["host.memory.percent"] = 101 } }, new { limits = 5 }, new { other = 1 }, new { webhook = new { url = "ftp://example.org/" } }, new { webhook = new { url = "http://127.0.0.1:9/" } }, new { webhook = new { url = "https://example.org/", secret = "short" } } })
            (await Cloud.Admin.Put(settings, new { settings = wrong })).Is(400);
    }
}
