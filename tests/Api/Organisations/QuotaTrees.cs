using System.Text.Json.Nodes;
using Xiangyun.Api.Identity;
using Xiangyun.Kernel;
using Xiangyun.Testing;

namespace Xiangyun.Api.Organisations;

public sealed class QuotaTreesOnSqlite() : QuotaTrees("sqlite");
public sealed class QuotaTreesOnPostgres() : QuotaTrees("postgres");

/// <summary>Quota is carved out from above, at any depth, by whoever stands above; nobody gets more than there is.</summary>
public abstract class QuotaTrees(string database) : CloudTests(database)
{
    private const string Disk = "volume.gigabytes";

    [Fact, Proves("GET /xiangyun/v1/organisations"), Proves("GET /xiangyun/v1/organisations/{id}"), Proves("GET /xiangyun/v1/organisations/{id}/quotas"), Proves("PUT /xiangyun/v1/organisations/{id}/quotas")]
    public async Task a_department_gets_its_quota_out_of_its_bureaus_and_a_project_without_one_shares_the_rest()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var department = await manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var site = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = department });
        (await Divide(Cloud.Admin, bureau, 100)).Is(200);
        (await Divide(manager, department, 101)).Is(400);
        var divided = (await Divide(manager, department, 60)).Is(200);
        Assert.Equal((60, 0, 60), (Of(divided, "granted"), Of(divided, "used"), Of(divided, "left")));
        var above = (await manager.Get($"/xiangyun/v1/organisations/{bureau}/quotas")).Is(200);
        Assert.Equal((100, 60, 40), (Of(above, "granted"), Of(above, "handed_out"), Of(above, "left")));

        var member = await Member(site);
        (await Volume(member, 61)).Is(413);
        (await Volume(member, 50)).Is(202);
        var shared = (await manager.Get($"/xiangyun/v1/organisations/{site}/quotas")).Is(200);
        Assert.Equal((50, 10), (Of(shared, "used"), Of(shared, "left")));
        Assert.Equal(department, (string?)Row(shared)["shared_with"]);
        (await Divide(manager, department, 49)).Is(400);
        (await Divide(manager, site, 61)).Is(400);
        (await Divide(manager, site, 55)).Is(200);
        (await Volume(member, 6)).Is(413);
        (await Volume(member, 5)).Is(202);

        var path = (await manager.Get($"/xiangyun/v1/organisations/{site}")).Is(200)["organisation"]["path"]!.AsArray();
        Assert.Equal(["cloud", bureau, department], path.Select(p => (string)p!["id"]!));
        Assert.Equal([site], (await manager.Get($"/xiangyun/v1/organisations?parent_id={department}")).Is(200)["organisations"].AsArray().Select(o => (string)o!["id"]!));
    }

    [Fact]
    public async Task the_services_own_quota_sets_obey_the_tree()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var project = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau });
        (await Divide(Cloud.Admin, bureau, 100)).Is(200);
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{project}", new { quota_set = new { gigabytes = 101 } })).Is(400);
        (await Cloud.Admin.Put($"/volume/v3/os-quota-sets/{project}", new { quota_set = new { gigabytes = 30 } })).Is(200);
        Assert.Equal(70, Of((await manager.Get($"/xiangyun/v1/organisations/{bureau}/quotas")).Is(200), "left"));
        (await manager.Delete($"/identity/v3/projects/{project}")).Is(204);
        Assert.Equal(100, Of((await manager.Get($"/xiangyun/v1/organisations/{bureau}/quotas")).Is(200), "left"));
    }

    [Fact]
    public async Task how_many_business_systems_a_bureau_may_have_is_a_quota_of_the_tree_too()
    {
        const string Projects = "organisation.projects";
        var (bureau, manager) = await Cloud.NewDomain();
        Task<Reply> Allow(Client who, string node, long count) => who.Put($"/xiangyun/v1/organisations/{node}/quotas", new { quotas = new Dictionary<string, long> { [Projects] = count } });
        Task<Reply> New(string? parent) => manager.Post("/identity/v3/projects", new { project = new { name = Cloud.Name("p"), domain_id = bureau, parent_id = parent ?? bureau } });
        (await Allow(Cloud.Admin, bureau, 3)).Is(200);
        var department = (string)(await New(null)).Is(201)["project"]["id"]!;
        (await Allow(manager, department, 2)).Is(200);
        (await New(null)).Is(403);
        (await New(department)).Is(201);
        var last = (string)(await New(department)).Is(201)["project"]["id"]!;
        Assert.Contains("has 0 left", (await New(last)).Is(403).Text);
        (await Allow(Cloud.Admin, bureau, 2)).Is(400);
        (await manager.Delete($"/identity/v3/projects/{last}")).Is(204);
        (await New(department)).Is(201);
    }

    [Fact]
    public async Task what_a_department_handed_out_or_its_business_systems_use_it_cannot_use_itself()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var department = await manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var sites = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = department })));
        (await Divide(Cloud.Admin, bureau, 100)).Is(200);
        (await Divide(manager, department, 60)).Is(200);
        (await Divide(manager, sites[0], 40)).Is(200);
        (await Volume(await Member(sites[1]), 5)).Is(202);
        var head = await Member(department);
        Assert.Contains("has 15 left", (await Volume(head, 16)).Is(413).Text);
        (await Volume(head, 15)).Is(202);
        (await Volume(await Member(sites[1]), 1)).Is(413);
    }

    [Fact]
    public async Task power_over_a_node_reaches_down_never_up_nor_beside()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        var (_, stranger) = await Cloud.NewDomain();
        var department = await manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau });
        var site = await manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = department });
        var beside = await manager.Make("project", new { name = Cloud.Name("beside"), domain_id = bureau });
        var head = await Member(department, "manager");
        (await Divide(manager, bureau, 5)).Is(403);
        (await Divide(Cloud.Admin, bureau, 100)).Is(200);
        (await Divide(manager, department, 50)).Is(200);
        (await Divide(head, department, 60)).Is(403);
        (await Divide(head, site, 20)).Is(200);
        (await Divide(head, beside, 1)).Is(404);
        (await Divide(stranger, site, 1)).Is(404);
        (await stranger.Get($"/xiangyun/v1/organisations/{site}/quotas")).Is(404);
        (await stranger.Get($"/xiangyun/v1/organisations/{Id.New()}/quotas")).Is(404);
        (await head.Get($"/xiangyun/v1/organisations/{bureau}")).Is(404);
        Assert.Equal(new[] { department, site }.Order(), (await head.Get("/xiangyun/v1/organisations")).Is(200)["organisations"].AsArray().Select(o => (string)o!["id"]!).Order());
    }

    [Fact]
    public async Task sixteen_writers_at_once_never_hand_out_or_use_more_than_there_is()
    {
        var (bureau, manager) = await Cloud.NewDomain();
        (await Divide(Cloud.Admin, bureau, 60)).Is(200);
        var departments = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => manager.Make("project", new { name = Cloud.Name("department"), domain_id = bureau })));
        var sites = await Task.WhenAll(departments.Select(d => manager.Make("project", new { name = Cloud.Name("site"), domain_id = bureau, parent_id = d })));
        var members = await Task.WhenAll(sites.Concat(departments).Select(s => Member(s)));
        var done = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var chance = new Random(writer);
            for (var step = 0; step < 12; step++)
            {
                var reply = chance.Next(4) switch
                {
                    0 => await Divide(manager, departments[chance.Next(3)], chance.Next(0, 40)),
                    1 => await Divide(manager, sites[chance.Next(3)], chance.Next(0, 20)),
                    _ => await Volume(members[chance.Next(6)], chance.Next(1, 6)),
                };
                done.AddOrUpdate(reply.Status, 1, (_, n) => n + 1);
                Assert.Contains(reply.Status, new[] { 200, 202, 400, 413 });
            }
        }));
        Assert.True(done.GetValueOrDefault(200) > 0 && done.GetValueOrDefault(202) > 0 && done.GetValueOrDefault(400) + done.GetValueOrDefault(413) > 0, string.Join(", ", done));
        foreach (var node in departments.Concat(sites).Append(bureau))
        {
            var left = Row((await manager.Get($"/xiangyun/v1/organisations/{node}/quotas")).Is(200));
            Assert.True((long)left["left"]! >= 0, left.ToJsonString());
        }
        Assert.InRange(Of((await manager.Get($"/xiangyun/v1/organisations/{bureau}/quotas")).Is(200), "used"), 1, 60);
    }

    private static Task<Reply> Divide(Client by, string node, int amount) => by.Put($"/xiangyun/v1/organisations/{node}/quotas", new { quotas = new Dictionary<string, int> { [Disk] = amount } });

    private static Task<Reply> Volume(Client by, int size) => by.Post("/volume/v3/volumes", new { volume = new { size, name = Cloud.Name("quota") } });

    private static JsonNode Row(Reply quotas) => quotas["quotas"].AsArray().Single(r => (string)r!["resource"]! == Disk)!;

    private static long Of(Reply quotas, string member) => (long)Row(quotas)[member]!;

    private Task<Client> Member(string project, string role = "member") => Cloud.NewProject(role, project);
}
