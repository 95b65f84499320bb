using Xiangyun.Testing;

namespace Xiangyun.Api.Compute;

public sealed class ServersOnSqlite() : Servers("sqlite");
public sealed class ServersOnPostgres() : Servers("postgres");

public abstract class Servers(string database) : CloudTests(database)
{
    private const string Nova = "/compute/v2.1";

    private async Task<string> Flavor(int ram = 64, int vcpus = 1) => (string)(await Cloud.Admin.Post($"{Nova}/flavors", new { flavor = new { name = Cloud.Name("f"), ram, vcpus, disk = 1 } })).Is(200)["flavor"]["id"]!;

    private static async Task<string> Image(Client who)
    {
        var id = (string)(await who.Post("/image/v2/images", new { name = Cloud.Name("i"), disk_format = "raw", container_format = "bare" })).Is(201)["id"]!;
        (await who.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", new byte[4096], "application/octet-stream")).Is(204);
        return id;
    }

    private static async Task<string> Network(Client who)
    {
        var id = (string)(await who.Post("/network/v2.0/networks", new { network = new { name = Cloud.Name("n") } })).Is(201)["network"]["id"]!;
        (await who.Post("/network/v2.0/subnets", new { subnet = new { network_id = id, ip_version = 4, cidr = "10.9.0.0/24" } })).Is(201);
        return id;
    }

    private static Task<Reply> Ask(Client who, string image, string flavor, string network, string query = "") =>
        who.Post($"{Nova}/servers{query}", new { server = new { name = Cloud.Name("s"), imageRef = image, flavorRef = flavor, networks = new[] { new { uuid = network } } } });

    private static async Task<string> Boot(Client who, string flavor)
    {
        var id = (string)(await Ask(who, await Image(who), flavor, await Network(who))).Is(202)["server"]["id"]!;
        await Becomes(who, id, "ACTIVE");
        return id;
    }

    private static Task<Reply> Becomes(Client who, string id, string status) => Wait.For($"server {id} is {status}", () => who.Get($"{Nova}/servers/{id}"),
        r => r.Status == 200 && (string?)r["server"]["status"] == status && r["server"]["OS-EXT-STS:task_state"] is null);

    private static async Task Act(Client who, string id, object action, int status = 202) => (await who.Post($"{Nova}/servers/{id}/action", action)).Is(status);

    private static Task Gone(Client who, string id) => Wait.Until($"server {id} is gone", async () => (await who.Get($"{Nova}/servers/{id}")).Status == 404);

    [Fact, Proves("POST /compute/v2.1/servers")]
    public async Task a_server_boots_and_goes_through_every_power_state()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        await Act(who, id, new Dictionary<string, object?> { ["os-stop"] = null });
        await Becomes(who, id, "SHUTOFF");
        await Act(who, id, new Dictionary<string, object?> { ["os-stop"] = null, ["x"] = null }, 400);
        await Act(who, id, new Dictionary<string, object?> { ["pause"] = null }, 409);
        await Act(who, id, new Dictionary<string, object?> { ["os-start"] = null });
        await Becomes(who, id, "ACTIVE");
        await Act(who, id, new { pause = (object?)null });
        await Becomes(who, id, "PAUSED");
        await Act(who, id, new { unpause = (object?)null });
        await Becomes(who, id, "ACTIVE");
        await Act(who, id, new { reboot = new { type = "HARD" } });
        await Becomes(who, id, "ACTIVE");
        (await who.Delete($"{Nova}/servers/{id}")).Is(204);
        await Gone(who, id);
        var used = (await who.Get($"{Nova}/limits")).Is(200)["limits"]["absolute"]!;
        Assert.Equal((0, 0, 0), ((int)used["totalInstancesUsed"]!, (int)used["totalCoresUsed"]!, (int)used["totalRAMUsed"]!));
    }

    [Fact]
    public async Task without_a_host_that_fits_the_fault_says_why_and_a_dry_run_says_it_before()
    {
        var who = await Cloud.NewProject();
        (await Cloud.Admin.Put($"{Nova}/os-quota-sets/{who.ProjectId}", new { quota_set = new { ram = -1 } })).Is(200);
        var (image, flavor, network) = (await Image(who), await Flavor(ram: 1_000_000_000), await Network(who));
        Assert.False((bool)(await Ask(who, image, flavor, network, "?dry_run=true")).Is(200)["placeable"]!);
        Assert.Empty((await who.Get($"{Nova}/servers")).Is(200)["servers"].AsArray());
        var id = (string)(await Ask(who, image, flavor, network)).Is(202)["server"]["id"]!;
        var fault = (string)(await Becomes(who, id, "ERROR"))["server"]["fault"]!["message"]!;
        Assert.Contains("memory", fault);
        Assert.Empty((await who.Get($"/network/v2.0/ports?device_id={id}")).Is(200)["ports"].AsArray());
        (await who.Delete($"{Nova}/servers/{id}")).Is(204);
        await Gone(who, id);
    }

    [Fact]
    public async Task more_than_the_quota_is_refused()
    {
        var who = await Cloud.NewProject();
        (await Cloud.Admin.Put($"{Nova}/os-quota-sets/{who.ProjectId}", new { quota_set = new { instances = 0 } })).Is(200);
        Assert.Contains("Quota exceeded", (await Ask(who, await Image(who), await Flavor(), await Network(who))).Is(403)["overLimit"]["message"]!.ToString());
    }

    [Fact]
    public async Task another_project_does_not_see_a_server_and_cannot_touch_it()
    {
        var (who, other) = (await Cloud.NewProject(), await Cloud.NewProject());
        var id = await Boot(who, await Flavor());
        (await other.Get($"{Nova}/servers/{id}")).Is(404);
        (await other.Delete($"{Nova}/servers/{id}")).Is(404);
        await Act(other, id, new { pause = (object?)null }, 404);
        (await other.Get($"{Nova}/servers?all_tenants=1")).Is(403);
        Assert.Contains((await Cloud.Admin.Get($"{Nova}/servers?all_tenants=1")).Is(200)["servers"].AsArray(), s => (string?)s!["id"] == id);
    }

    [Fact]
    public async Task a_security_group_is_put_on_a_server_and_taken_off()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        var group = (string)(await who.Post("/network/v2.0/security-groups", new { security_group = new { name = Cloud.Name("g") } })).Is(201)["security_group"]["name"]!;
        await Act(who, id, new { addSecurityGroup = new { name = group } });
        Assert.Contains(group, (await who.Get($"{Nova}/servers/{id}")).Is(200)["server"]["security_groups"]!.AsArray().Select(g => (string?)g!["name"]));
        await Act(who, id, new { removeSecurityGroup = new { name = group } });
        Assert.DoesNotContain(group, (await who.Get($"{Nova}/servers/{id}")).Is(200)["server"]["security_groups"]!.AsArray().Select(g => (string?)g!["name"]));
        await Act(who, id, new { removeSecurityGroup = new { name = group } }, 404);
        await Act(who, id, new { addSecurityGroup = new { name = "nowhere" } }, 404);
    }

    [Fact]
    public async Task an_error_that_an_administrator_set_stays_until_he_takes_it_back()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        await Act(who, id, new Dictionary<string, object> { ["os-resetState"] = new { state = "error" } }, 403);
        await Act(Cloud.Admin, id, new Dictionary<string, object> { ["os-resetState"] = new { state = "error" } });
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken); // the host reports and the reconciler looks meanwhile
        Assert.Equal("ERROR", (string?)(await who.Get($"{Nova}/servers/{id}")).Is(200)["server"]["status"]);
        await Act(Cloud.Admin, id, new Dictionary<string, object> { ["os-resetState"] = new { state = "active" } });
        await Becomes(who, id, "ACTIVE");
    }

    [Fact]
    public async Task hours_and_processors_in_use_are_counted()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor(vcpus: 2));
        var usage = (await who.Get($"{Nova}/os-simple-tenant-usage/{who.ProjectId}")).Is(200)["tenant_usage"];
        Assert.Equal(id, (string?)usage["server_usages"]!.AsArray().Single()!["instance_id"]);
        Assert.True((double)usage["total_vcpus_usage"]! > 0);
        (await who.Get($"{Nova}/os-simple-tenant-usage/{Cloud.Admin.ProjectId}")).Is(403);
        Assert.True((int)(await Cloud.Admin.Get($"{Nova}/os-hypervisors/statistics")).Is(200)["hypervisor_statistics"]["vcpus_used"]! >= 2);
        Assert.All((await Cloud.Admin.Get($"{Nova}/os-hypervisors/detail")).Is(200)["hypervisors"].AsArray(), h => Assert.Contains("simulated", (string)h!["hypervisor_hostname"]!));
    }

    [Fact]
    public async Task what_is_not_offered_says_so()
    {
        var who = await Cloud.NewProject();
        var id = await Boot(who, await Flavor());
        await Act(who, id, new { resize = new { flavorRef = "no-such-flavor" } }, 400);
        await Act(who, id, new { nonsense = 1 }, 400);
    }
}
