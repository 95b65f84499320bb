using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Approvals;

public sealed class MoreKindsOnSqlite() : MoreKinds("sqlite");
public sealed class MoreKindsOnPostgres() : MoreKinds("postgres");

/// <summary>What else can be asked for: larger things, a new business system, an opening to the world.</summary>
public abstract class MoreKinds(string database) : CloudTests(database)
{
    private static Task<Reply> Ask(Client who, string kind, object wish) => who.Post($"{Asking.Own}/requests", new { request = new { kind, wish } });

    [Fact]
    public async Task a_volume_grows_by_a_request_where_growing_it_directly_is_not_allowed()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var project = await chief.Make("project", new { name = Cloud.Name("system"), domain_id = bureau });
        (await chief.Rules(bureau, [new { role = "manager", at = "domain" }], [new { resource = "volume.gigabytes", over = 5 }])).Is(200);
        var who = await Cloud.NewProject("member", project);
        var volume = (string)(await who.Post("/volume/v3/volumes", new { volume = new { size = 1 } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await who.Get($"/volume/v3/volumes/{volume}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        (await Ask(who, "extension", new { volume_id = volume, new_size = 1 })).Is(400);
        (await Ask(who, "resize", new { server_id = volume, flavor_id = "none" })).Is(404);
        var request = (await Ask(who, "extension", new { volume_id = volume, new_size = 20 })).Is(201)["request"];
        Assert.Equal(19, (int)request["plan"]!["adds"]!.AsArray().Single(a => (string)a!["resource"]! == "volume.gigabytes")!["amount"]!);
        (await chief.Decide(request)).Is(200);
        await who.Becomes(request, "done");
        await Wait.For("it has grown", async () => (await who.Get($"/volume/v3/volumes/{volume}")).Is(200)["volume"], v => (int)v["size"]! == 20);
    }

    [Fact]
    public async Task a_new_business_system_is_made_in_the_approvers_name()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var department = await chief.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var who = await Cloud.NewProject("member", department);
        (await chief.Rules(bureau, [new { role = "manager", at = "domain" }])).Is(200);
        var name = Cloud.Name("permits");
        var request = (await Ask(who, "organisation", new { name, parent_id = department, description = "permits of the city" })).Is(201)["request"];
        (await who.Post("/identity/v3/projects", new { project = new { name, parent_id = department } })).Is(403);
        (await chief.Decide(request)).Is(200);
        await who.Becomes(request, "done");
        Assert.Contains(name, (await chief.Get($"{Asking.Own}/organisations?parent_id={department}")).Is(200).Text);
        (await Ask(await Cloud.NewProject(), "organisation", new { name, parent_id = department })).Is(404);
    }

    [Fact]
    public async Task opening_a_port_to_the_world_is_shown_as_exposure_of_high_risk()
    {
        var who = await Cloud.NewProject();
        var group = (string)(await who.Post("/network/v2.0/security-groups", new { security_group = new { name = "web" } })).Is(201)["security_group"]["id"]!;
        object Rule(string? from) => new { security_group_rule = new { security_group_id = group, direction = "ingress", ethertype = "IPv4", protocol = "tcp", port_range_min = 443, port_range_max = 443, remote_ip_prefix = from } };
        var wide = (await Ask(who, "security_group_rule", Rule("0.0.0.0/0"))).Is(201)["request"]["plan"]!;
        Assert.Equal("high", (string)wide["risk"]!["class"]!);
        Assert.Contains("everybody may reach tcp 443..443", wide["exposure"]!.ToJsonString());
        Assert.Empty((await Ask(who, "security_group_rule", Rule("10.0.0.0/8"))).Is(201)["request"]["plan"]!["exposure"]!.AsArray());
    }

    [Fact]
    public async Task images_and_organisations_can_be_tried_out_too_but_never_a_sign_in()
    {
        var who = await Cloud.NewProject();
        (await who.Post("/image/v2/images?dry_run=true", new { name = "tried", disk_format = "raw", container_format = "bare" })).Is(200);
        Assert.DoesNotContain("tried", (await who.Get("/image/v2/images")).Is(200).Text);
        var (bureau, chief) = await Cloud.NewDomain();
        Assert.True((bool)(await chief.Post("/identity/v3/projects?dry_run=true", new { project = new { name = "tried", domain_id = bureau } })).Is(200)["dry_run"]!);
        Assert.DoesNotContain("tried", (await chief.Get($"{Asking.Own}/organisations")).Is(200).Text);
        Assert.DoesNotContain("Correct-Horse", (await chief.Post("/identity/v3/users?dry_run=true", new { user = new { name = "tried", domain_id = bureau, password = "Correct-Horse-9-Battery" } })).Is(200).Text);
        (await who.Post("/identity/v3/auth/tokens?dry_run=true", new { auth = new { identity = new { methods = new[] { "password" }, password = new { user = new { id = who.UserId, password = "wrong" } } } } })).Is(400);
    }
}
