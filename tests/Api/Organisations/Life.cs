using System.Text.Json.Nodes;
using Xiangyun.Api.Approvals;
using Xiangyun.Api.Identity;
using Xiangyun.Testing;

namespace Xiangyun.Api.Organisations;

public sealed class LifeOnSqlite() : Life("sqlite");
public sealed class LifeOnPostgres() : Life("postgres");

/// <summary>Organisations move with the consent of both sides, and end by two people with everything that they own.</summary>
public abstract class Life(string database) : CloudTests(database)
{
    private const string Tree = "/xiangyun/v1/organisations";

    private static Task<Reply> Ask(Client who, string kind, object wish) => who.Post($"{Asking.Own}/requests", new { request = new { kind, reason = "the city council said so", wish } });

    private static async Task<string> Volume(Client who, int size = 1)
    {
        var id = (string)(await who.Post("/volume/v3/volumes", new { volume = new { size } })).Is(202)["volume"]["id"]!;
        await Wait.For("the volume is there", async () => (await who.Get($"/volume/v3/volumes/{id}")).Is(200)["volume"], v => (string)v["status"]! == "available");
        return id;
    }

    private static Task<Reply> Divide(Client who, string node, long gigabytes) => who.Put($"{Tree}/{node}/quotas", new { quotas = new Dictionary<string, long> { ["volume.gigabytes"] = gigabytes } });

    [Fact, Proves("PUT /xiangyun/v1/organisations/{id}/parent")]
    public async Task a_department_moves_to_another_bureau_with_everything_below_it_when_both_agree()
    {
        var ((from, chief), (to, other)) = (await Cloud.NewDomain(), await Cloud.NewDomain());
        var department = await chief.Make("project", new { name = Cloud.Name("department"), domain_id = from });
        var site = await chief.Make("project", new { name = Cloud.Name("site"), domain_id = from, parent_id = department });
        var (old, guest) = (await Cloud.NewProject("member", site), await chief.Make("user", new { name = Cloud.Name("guest"), domain_id = from, password = "Correct-Horse-9-Battery" }));
        var role = (string)(await Cloud.Admin.Get("/identity/v3/roles?name=member")).Is(200)["roles"].AsArray().Single()!["id"]!;
        (await chief.Put($"/identity/v3/projects/{site}/users/{guest}/roles/{role}")).Is(204);
        await Volume(old, 5);
        (await Divide(Cloud.Admin, from, 100)).Is(200);
        (await Divide(Cloud.Admin, to, 4)).Is(200);

        (await chief.Put($"{Tree}/{department}/parent", new { parent_id = to })).Is(404);
        (await other.Put($"{Tree}/{department}/parent", new { parent_id = to })).Is(404);
        var wish = new { organisation_id = department, parent_id = to };
        (await Ask(other, "move", wish)).Is(404);
        (await Ask(chief, "move", new { organisation_id = site, parent_id = site })).Is(400);
        Assert.Contains("Quota exceeded", (await Ask(chief, "move", wish)).Is(403).Text);
        (await Divide(Cloud.Admin, to, 10)).Is(200);
        var request = (await Ask(chief, "move", wish)).Is(201)["request"];
        Assert.Equal(to, (string)request["steps"]!.AsArray().Single()!["at"]!);
        (await chief.Decide(request)).Is(403);
        Assert.Equal(200, (await chief.Get($"{Tree}/{site}")).Status);
        (await other.Decide(request)).Is(200);
        await chief.Becomes(request, "done");

        Assert.Equal(404, (await chief.Get($"{Tree}/{site}")).Status);
        var path = (await other.Get($"{Tree}/{site}")).Is(200)["organisation"]["path"]!.AsArray();
        Assert.Equal(["cloud", to, department], path.Select(p => (string)p!["id"]!));
        Assert.Equal(5, (int)(await other.Get($"{Tree}/{to}/quotas")).Is(200)["quotas"].AsArray().Single(r => (string)r!["resource"]! == "volume.gigabytes")!["used"]!);
        Assert.Equal(1, await old.Volumes());
        Assert.DoesNotContain(guest, (await Cloud.Admin.Get($"/identity/v3/role_assignments?scope.project.id={site}")).Text);
        (await Cloud.Admin.Put($"{Tree}/{department}/parent", new { parent_id = from, keep_grants = true })).Is(204);
        Assert.Equal(from, (string)(await chief.Get($"{Tree}/{department}")).Is(200)["organisation"]["domain_id"]!);
    }

    [Fact]
    public async Task a_node_never_moves_below_itself_nor_does_a_bureau_or_the_cloud()
    {
        var (bureau, _) = await Cloud.NewDomain();
        var top = await Cloud.Admin.Make("project", new { name = Cloud.Name("top"), domain_id = bureau });
        var low = await Cloud.Admin.Make("project", new { name = Cloud.Name("low"), domain_id = bureau, parent_id = top });
        foreach (var (node, parent, status) in new[] { (top, low, 400), (top, top, 400), (top, bureau, 409), (bureau, low, 400), ("cloud", low, 400), (top, "cloud", 400), (top, "nothing", 404) })
            Assert.Equal((node, parent, status), (node, parent, (await Cloud.Admin.Put($"{Tree}/{node}/parent", new { parent_id = parent })).Status));
        (await Cloud.Admin.Put($"{Tree}/{low}/parent", new { parent_id = bureau })).Is(204);
        (await Cloud.Admin.Put($"{Tree}/{top}/parent", new { parent_id = low })).Is(204);
    }

    [Fact, Proves("DELETE /xiangyun/v1/organisations/{id}"), Proves("GET /xiangyun/v1/organisations/{id}/closing")]
    public async Task a_bureau_ends_by_two_people_with_everything_it_owns_and_its_audit_stays()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var department = await chief.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var site = await chief.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = department });
        var member = await Cloud.NewProject("member", site);
        (await chief.Put($"{Tree}/{bureau}/recycle-rules", new { keep_seconds = new { volume = 3600 } })).Is(200);
        var (kept, binned) = (await Volume(member), await Volume(member));
        (await member.Delete($"/volume/v3/volumes/{binned}")).Is(202);
        (await member.Post("/volume/v3/snapshots", new { snapshot = new { volume_id = kept } })).Is(202);
        var network = (string)(await member.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        var subnet = (string)(await member.Post("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.9.0.0/24" } })).Is(201)["subnet"]["id"]!;
        var router = (string)(await member.Post("/network/v2.0/routers", new { router = new { name = "r" } })).Is(201)["router"]["id"]!;
        (await member.Put($"/network/v2.0/routers/{router}/add_router_interface", new { subnet_id = subnet })).Is(200);
        (await member.Post("/network/v2.0/ports", new { port = new { network_id = network } })).Is(201);
        var image = (string)(await member.Post("/image/v2/images", new { name = "i", disk_format = "raw", container_format = "bare", @protected = true })).Is(201)["id"]!;

        Assert.Contains("still owns", (await chief.Delete($"/identity/v3/projects/{site}")).Is(409).Text);
        (await Cloud.Admin.Delete($"{Tree}/{bureau}")).Is(403);
        (await chief.Delete($"{Tree}/{department}")).Is(403);
        var wish = new { kind = "organisation", id = bureau };
        (await Ask(member, "deletion", wish)).Is(404);
        (await Ask(await Cloud.NewProject("manager"), "deletion", wish)).Is(404);
        Assert.Contains("protected_image", (await Ask(chief, "deletion", wish)).Is(409).Text);
        (await Cloud.Admin.Send(HttpMethod.Patch, $"/image/v2/images/{image}", System.Text.Encoding.UTF8.GetBytes("""[{"op":"replace","path":"/protected","value":false}]"""), "application/openstack-images-v2.1-json-patch")).Is(200);
        var asked = (await Ask(chief, "deletion", wish)).Is(201);
        var request = asked["request"];
        Assert.Contains("\"volume\":1", asked["around"]["objects"]!.ToJsonString());
        (await chief.Decide(request)).Is(403);
        (await Cloud.Admin.Decide(request)).Is(200);
        await Cloud.Admin.Becomes(request, "done");
        await Wait.For("the bureau is gone", () => Cloud.Admin.Get($"{Tree}/{bureau}"), r => r.Status == 404);
        Assert.Equal(401, (await member.Get("/volume/v3/volumes")).Status);
        foreach (var thing in new[] { $"/volume/v3/volumes/{kept}", $"/network/v2.0/networks/{network}", $"/network/v2.0/routers/{router}", $"/image/v2/images/{image}", $"/identity/v3/projects/{site}", $"/identity/v3/domains/{bureau}", $"/identity/v3/users/{chief.UserId}" })
            Assert.Equal((thing, 404), (thing, (await Cloud.Admin.Get(thing)).Status));
        Assert.Empty((await Cloud.Admin.Get($"/network/v2.0/security-groups?project_id={site}")).Is(200)["security_groups"].AsArray());
        await Wait.Until("the audit log tells of it", async () => (await Cloud.Auditor.Get($"/xiangyun/v1/audit/records?object={bureau}&action=organisation.end")).Is(200)["records"].AsArray().Count == 1);
    }

    [Fact]
    public async Task what_cannot_be_deleted_yet_is_named_and_the_end_goes_on_by_itself()
    {
        var (bureau, chief) = await Cloud.NewDomain();
        var site = await chief.Make("project", new { name = Cloud.Name("site"), domain_id = bureau });
        var member = await Cloud.NewProject("member", site);
        var network = (string)(await member.Post("/network/v2.0/networks", new { network = new { name = "n" } })).Is(201)["network"]["id"]!;
        (await member.Post("/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.9.0.0/24" } })).Is(201);
        var foreign = (string)(await Cloud.Admin.Post("/network/v2.0/ports", new { port = new { network_id = network, project_id = Cloud.Admin.ProjectId } })).Is(201)["port"]["id"]!;
        var request = (await Ask(chief, "deletion", new { kind = "organisation", id = site })).Is(201)["request"];
        Assert.Equal(site, (string)request["steps"]!.AsArray().Single()!["at"]!);
        (await Cloud.Admin.Decide(request)).Is(200);
        await Wait.For("the port of others is named", () => chief.Get($"{Tree}/{site}/closing"), r => r.Status == 200 && r["closing"]["blocked"]!.ToJsonString().Contains(network));
        (await Cloud.Admin.Delete($"/network/v2.0/ports/{foreign}")).Is(204);
        await Wait.For("the site is gone", () => chief.Get($"{Tree}/{site}"), r => r.Status == 404);
    }
}
