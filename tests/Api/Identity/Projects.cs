using Xiangyun.Testing;

namespace Xiangyun.Api.Identity;

public sealed class ProjectsOnSqlite() : Projects("sqlite");
public sealed class ProjectsOnPostgres() : Projects("postgres");

public abstract class Projects(string database) : CloudTests(database)
{
    [Fact, Proves("GET /identity/v3/projects")]
    public async Task projects_are_paged_and_filtered_by_name_and_tag()
    {
        var (domain, manager) = await Cloud.NewDomain();
        foreach (var name in new[] { "税务-一", "税务-二", "Parks" }) await manager.Make("project", new { name, domain_id = domain, tags = name == "Parks" ? new[] { "绿", "open" } : ["open"] });
        Assert.Equal(["税务-一", "税务-二"], (await manager.Get("/identity/v3/projects?name__startswith=税务")).Is(200).Names("projects"));
        Assert.Equal(["Parks"], (await manager.Get("/identity/v3/projects?name__icontains=PARK")).Is(200).Names("projects"));
        Assert.Equal(["Parks"], (await manager.Get("/identity/v3/projects?tags=绿,open")).Is(200).Names("projects"));
        Assert.Equal(3, (await manager.Get("/identity/v3/projects?tags-any=绿,open")).Is(200).Names("projects").Count());
        Assert.Equal(["税务-一", "税务-二"], (await manager.Get("/identity/v3/projects?not-tags=绿")).Is(200).Names("projects"));
        var first = (await manager.Get("/identity/v3/projects?limit=2")).Is(200);
        Assert.Equal(["税务-一", "税务-二"], first.Names("projects"));
        var second = (await manager.Get(new Uri((string)first["links"]["next"]!).PathAndQuery)).Is(200);
        Assert.Equal(["Parks"], second.Names("projects"));
        Assert.Null(second["links"]["next"]);
        Assert.Equal(3, (await manager.Get("/identity/v3/projects?limit=0")).Is(200).Names("projects").Count());
        (await manager.Get("/identity/v3/projects?limit=-1")).Is(400);
    }

    [Fact, Proves("GET /identity/v3/projects/{id}")]
    public async Task a_project_shows_its_parents_and_its_subtree()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var top = await manager.Make("project", new { name = "top", domain_id = domain });
        var leaf = await manager.Make("project", new { name = "leaf", parent_id = top });
        Assert.Equal(domain, (string?)(await manager.Get($"/identity/v3/projects/{leaf}?parents_as_ids")).Is(200)["project"]["parents"]![top]!.AsObject().Single().Key);
        Assert.Equal(leaf, (string?)(await manager.Get($"/identity/v3/projects/{top}?subtree_as_list")).Is(200)["project"]["subtree"]![0]!["project"]!["id"]);
        (await manager.Delete($"/identity/v3/projects/{top}")).Is(403);
        (await manager.Patch($"/identity/v3/projects/{top}", new { project = new { enabled = false } })).Is(403);
        (await manager.Delete($"/identity/v3/projects/{leaf}")).Is(204);
        (await manager.Delete($"/identity/v3/projects/{top}")).Is(204);
    }

    [Fact]
    public async Task a_project_reader_does_not_see_the_projects_of_others()
    {
        var reader = await Cloud.NewProject("reader");
        (await reader.Get("/identity/v3/projects")).Is(403);
        Assert.Equal([reader.ProjectName], (await reader.Get($"/identity/v3/users/{reader.UserId}/projects")).Is(200).Names("projects"));
        (await reader.Get($"/identity/v3/projects/{(await Cloud.NewProject()).ProjectId}")).Is(404);
    }

    [Fact]
    public async Task names_follow_the_rules_and_extras_are_kept()
    {
        var (domain, manager) = await Cloud.NewDomain();
        Task<Reply> Create(object project) => manager.Post("/identity/v3/projects", new { project });
        (await Create(new { name = "", domain_id = domain })).Is(400);
        (await Create(new { name = "  ", domain_id = domain })).Is(400);
        (await Create(new { name = new string('名', 65), domain_id = domain })).Is(400);
        (await Create(new { name = 7, domain_id = domain })).Is(400);
        var made = (await Create(new { name = new string('名', 64), domain_id = domain, cost_centre = "A7" })).Is(201)["project"];
        (await Create(new { name = new string('名', 64), domain_id = domain })).Is(409);
        var after = (await manager.Patch($"/identity/v3/projects/{made["id"]}", new { project = new { description = "说明" } })).Is(200)["project"];
        Assert.Equal(("A7", "说明"), ((string?)after["cost_centre"], (string?)after["description"]));
    }

    [Fact, Proves("DELETE /identity/v3/domains/{id}")]
    public async Task a_domain_goes_only_when_disabled_and_takes_all_it_has_with_it()
    {
        var (domain, manager) = await Cloud.NewDomain();
        var user = await manager.Make("user", new { name = "worker", domain_id = domain });
        (await Cloud.Admin.Delete($"/identity/v3/domains/{domain}")).Is(403);
        (await manager.Get("/identity/v3/users")).Is(200);
        (await Cloud.Admin.Patch($"/identity/v3/domains/{domain}", new { domain = new { enabled = false } })).Is(200);
        (await manager.Get("/identity/v3/users")).Is(401);
        (await Cloud.Admin.Delete($"/identity/v3/domains/{domain}")).Is(204);
        (await Cloud.Admin.Get($"/identity/v3/users/{user}")).Is(404);
        Assert.Empty((await Cloud.Admin.Get($"/identity/v3/role_assignments?scope.domain.id={domain}")).Is(200)["role_assignments"].AsArray());
        (await Cloud.Admin.Delete("/identity/v3/domains/default")).Is(403);
    }
}
