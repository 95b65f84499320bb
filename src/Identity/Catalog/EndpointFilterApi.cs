using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Which endpoints, alone or as groups, a project's catalogue shows (OS-EP-FILTER). A project with none sees all.</summary>
internal sealed class EndpointFilterApi(IdentityStore store, CatalogView catalog) : IApi
{
    private const string Right = "identity:endpoint_filter";
    private const string One = "/OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}";
    private const string Group = "/OS-EP-FILTER/endpoint_groups/{group_id}/projects/{project_id}";

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/OS-EP-FILTER/projects/{project_id}/endpoints", Right, call => store.Read(async db => Endpoints(call, await catalog.Seen(db, (await IdentityStore.Project(db, call["project_id"])).Id) ?? [])));
        r.Put(One, Right, "project.add_endpoint", Add);
        r.Head(One, Right, Check);
        r.Get(One, Right, Check);
        r.Delete(One, Right, "project.remove_endpoint", Remove);
        r.Get("/OS-EP-FILTER/endpoints/{endpoint_id}/projects", Right, ProjectsOfEndpoint);
        r.Get("/OS-EP-FILTER/projects/{project_id}/endpoint_groups", Right, GroupsOfProject);
        r.Get("/OS-EP-FILTER/endpoint_groups/{group_id}/endpoints", Right, EndpointsOfGroup);
        r.Get("/OS-EP-FILTER/endpoint_groups/{group_id}/projects", Right, ProjectsOfGroup);
        r.Put(Group, Right, "project.add_endpoint_group", AddGroup);
        r.Head(Group, Right, async call => (await CheckGroup(call)) with { Body = null });
        r.Get(Group, Right, CheckGroup);
        r.Delete(Group, Right, "project.remove_endpoint_group", RemoveGroup);
    }

    private static Answer Endpoints(Call call, IEnumerable<EndpointRow> rows) => Pages.Whole(call, "endpoints", [.. rows.Select(e => EndpointApi.Wire(e, call))]);

    private async Task Named(IdentityDb db, Call call)
    {
        await IdentityStore.Project(db, call["project_id"]);
        await Endpoint(db, call["endpoint_id"]);
    }

    private async Task<EndpointRow> Endpoint(IdentityDb db, string id) => (await catalog.All(db)).Find(e => e.Id == id) ?? throw Keystone.Missing("endpoint", id);

    private static IQueryable<ProjectEndpointRow> Rows(IdentityDb db, Call call)
    {
        var (project, endpoint) = (call["project_id"], call["endpoint_id"]);
        return db.ProjectEndpoints.Where(p => p.ProjectId == project && p.EndpointId == endpoint);
    }

    private static IQueryable<ProjectEndpointGroupRow> GroupRows(IdentityDb db, Call call)
    {
        var (project, group) = (call["project_id"], call["group_id"]);
        return db.ProjectEndpointGroups.Where(p => p.ProjectId == project && p.GroupId == group);
    }

    private async Task<Answer> Add(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            await Named(db, call);
            if (!await Rows(db, call).AnyAsync()) db.Add(new ProjectEndpointRow { ProjectId = call["project_id"], EndpointId = call["endpoint_id"] });
            tx.Audit(call.Verb, "project", call["project_id"], call["project_id"], new { endpoint = call["endpoint_id"] });
        });
        return Answer.NoContent;
    }

    private Task<Answer> Check(Call call) => store.Read(async db =>
        await Rows(db, call).AnyAsync() ? Answer.NoContent : throw Keystone.Missing("endpoint of project", call["endpoint_id"]));

    private async Task<Answer> Remove(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            if (await Rows(db, call).ExecuteDeleteAsync() == 0) throw Keystone.Missing("endpoint of project", call["endpoint_id"]);
            tx.Audit(call.Verb, "project", call["project_id"], call["project_id"], new { endpoint = call["endpoint_id"] });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> AddGroup(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            await IdentityStore.Project(db, call["project_id"]);
            await EndpointGroupApi.Find(db, call["group_id"]);
            if (!await GroupRows(db, call).AnyAsync()) db.Add(new ProjectEndpointGroupRow { ProjectId = call["project_id"], GroupId = call["group_id"] });
            tx.Audit(call.Verb, "project", call["project_id"], call["project_id"], new { group = call["group_id"] });
        });
        return Answer.NoContent;
    }

    private Task<Answer> CheckGroup(Call call) => store.Read(async db => await GroupRows(db, call).AnyAsync()
        ? Answer.Ok(new JsonObject { ["endpoint_group"] = EndpointGroupApi.Wire(await EndpointGroupApi.Find(db, call["group_id"]), call) })
        : throw Keystone.Missing("endpoint group of project", call["group_id"]));

    private async Task<Answer> RemoveGroup(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            if (await GroupRows(db, call).ExecuteDeleteAsync() == 0) throw Keystone.Missing("endpoint group of project", call["group_id"]);
            tx.Audit(call.Verb, "project", call["project_id"], call["project_id"], new { group = call["group_id"] });
        });
        return Answer.NoContent;
    }

    private Task<Answer> ProjectsOfEndpoint(Call call) => store.Read(async db =>
    {
        var endpoint = await Endpoint(db, call["endpoint_id"]);
        var groups = (await db.EndpointGroups.ToListAsync()).Where(g => EndpointGroupApi.Fits(g, endpoint)).Select(g => g.Id).ToList();
        var alone = db.ProjectEndpoints.Where(p => p.EndpointId == endpoint.Id).Select(p => p.ProjectId);
        var grouped = db.ProjectEndpointGroups.Where(p => groups.Contains(p.GroupId)).Select(p => p.ProjectId);
        return await Pages.Of(call, "projects", db.Projects.Where(p => alone.Contains(p.Id) || grouped.Contains(p.Id)), p => ProjectWire.Of(p, call));
    });

    private Task<Answer> GroupsOfProject(Call call) => store.Read(async db =>
    {
        var project = await IdentityStore.Project(db, call["project_id"]);
        var ids = db.ProjectEndpointGroups.Where(p => p.ProjectId == project.Id).Select(p => p.GroupId);
        return await Pages.Of(call, "endpoint_groups", db.EndpointGroups.Where(g => ids.Contains(g.Id)), g => EndpointGroupApi.Wire(g, call));
    });

    private Task<Answer> EndpointsOfGroup(Call call) => store.Read(async db =>
    {
        var group = await EndpointGroupApi.Find(db, call["group_id"]);
        return Endpoints(call, (await catalog.All(db)).Where(e => EndpointGroupApi.Fits(group, e)));
    });

    private Task<Answer> ProjectsOfGroup(Call call) => store.Read(async db =>
    {
        var group = await EndpointGroupApi.Find(db, call["group_id"]);
        var ids = db.ProjectEndpointGroups.Where(p => p.GroupId == group.Id).Select(p => p.ProjectId);
        return await Pages.Of(call, "projects", db.Projects.Where(p => ids.Contains(p.Id)), p => ProjectWire.Of(p, call));
    });
}
