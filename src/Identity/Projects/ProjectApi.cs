using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

internal sealed class ProjectApi(IdentityStore store) : IApi
{
    private static readonly string[] Known = ["name", "domain_id", "parent_id", "description", "enabled", "is_domain", "tags", "options", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/projects", "identity:list_projects", List);
        r.Post("/projects", "identity:create_project", "project.create", Create);
        r.Get("/projects/{id}", "identity:get_project", Show);
        r.Patch("/projects/{id}", "identity:update_project", "project.update", Update);
        r.Delete("/projects/{id}", "identity:delete_project", "project.delete", Delete);
        r.Get("/projects/{id}/tags", "identity:get_project", async call => Answer.Ok(new JsonObject { ["tags"] = JsonNode.Parse((await Find(call)).Tags) }));
        r.Put("/projects/{id}/tags", "identity:update_project", "project.update", async call => await SetTags(call, (await call.Body()).TextsOr("tags") ?? []));
        r.Delete("/projects/{id}/tags", "identity:update_project", "project.update", async call => { await SetTags(call, []); return Answer.NoContent; });
        r.Get("/users/{user_id}/projects", "identity:list_user_projects", OfUser);
    }

    private Task<ProjectRow> Find(Call call) => store.Read(async db =>
    {
        var row = await IdentityStore.Project(db, call["id"]);
        return Reach.Reads(call.Actor, row.DomainId) || call.Actor.ProjectId == row.Id ? row : throw Keystone.Missing("project", call["id"]);
    });

    private async Task<Answer> Show(Call call) => Answer.Ok(new JsonObject { ["project"] = ProjectWire.Of(await Find(call), call) });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = db.Projects.Where(p => !p.IsDomain);
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(p => p.DomainId == only);
        if (call.QueryOr("domain_id") is { } domain) rows = rows.Where(p => p.DomainId == domain);
        if (call.QueryOr("parent_id") is { } parent) rows = rows.Where(p => p.ParentId == parent || p.ParentId == null && p.DomainId == parent);
        if (call.QueryOr("name") is { } name) rows = rows.Where(p => p.Name == name);
        if (call.QueryOr("enabled") is not null) { var on = call.QueryFlag("enabled"); rows = rows.Where(p => p.Enabled == on); }
        foreach (var tag in (call.QueryOr("tags") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)) { var quoted = $"\"{tag}\""; rows = rows.Where(p => p.Tags.Contains(quoted)); }
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw Keystone.Missing("marker", m) : null;
        return Keystone.List(call, "projects", await rows.Paged([new SortKey("Id")], page, mark), p => ProjectWire.Of(p, call), p => p.Id);
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("project");
        var name = body.Text("name", 1, 64);
        if (name.Trim().Length == 0) throw CloudError.Invalid("Invalid input for field 'name': it must not be blank.");
        if (body.FlagOr("is_domain") == true) throw CloudError.Invalid("Make domains with POST /v3/domains.");
        var parentId = body.TextOr("parent_id");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var parent = parentId is null ? null : await db.Projects.SingleOrDefaultAsync(p => p.Id == parentId) ?? throw Keystone.Missing("project", parentId);
            var domainId = body.TextOr("domain_id") ?? parent?.DomainId ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? "default";
            if (parent is not null && parent.DomainId != domainId) throw CloudError.Invalid("The parent project must be in the same domain.");
            await IdentityStore.Domain(db, domainId);
            Reach.MustManage(call.Actor, domainId);
            if (await db.Projects.AnyAsync(p => !p.IsDomain && p.DomainId == domainId && p.Name == name)) throw Keystone.Duplicate("project", name);
            var made = new ProjectRow
            {
                Id = Id.New(), Name = name, DomainId = domainId, ParentId = parent is { IsDomain: false } ? parent.Id : null, Enabled = body.FlagOr("enabled") ?? true,
                Description = body.TextOr("description", 0, 65_535) ?? "", Tags = TagsOf(body.TextsOr("tags") ?? []), Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
            };
            db.Add(made);
            tx.Audit(call.Verb, "project", made.Id, made.Id, new { made.Name, made.DomainId });
            return made;
        });
        return Answer.Created(new JsonObject { ["project"] = ProjectWire.Of(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("project");
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.Project(db, call["id"]);
            Reach.MustManage(call.Actor, row.DomainId);
            var name = body.TextOr("name", 1, 64) ?? row.Name;
            if (body.TextOr("domain_id") is { } domain && domain != row.DomainId) throw CloudError.Invalid("A project cannot be moved to another domain by an update.");
            if (body.TextOr("parent_id") is { } parent && parent != (row.ParentId ?? row.DomainId)) throw CloudError.Forbidden("Update of parent_id is not allowed.");
            if (name != row.Name && await db.Projects.AnyAsync(p => !p.IsDomain && p.DomainId == row.DomainId && p.Name == name)) throw Keystone.Duplicate("project", name);
            var (description, enabled, extra) = (body.TextOr("description", 0, 65_535) ?? row.Description, body.FlagOr("enabled") ?? row.Enabled, Keystone.Extras(body, row.Extra, Known));
            var tags = body.TextsOr("tags") is { } given ? TagsOf(given) : row.Tags;
            await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name).SetProperty(p => p.Description, description)
                .SetProperty(p => p.Enabled, enabled).SetProperty(p => p.Tags, tags).SetProperty(p => p.Extra, extra));
            tx.Audit(call.Verb, "project", row.Id, row.Id, new { name, enabled });
        });
        return await Show(call);
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.Project(db, call["id"]);
            Reach.MustManage(call.Actor, row.DomainId);
            if (await db.Projects.AnyAsync(p => p.ParentId == row.Id)) throw CloudError.Forbidden($"Cannot delete the project {row.Id} since it is not a leaf in the hierarchy. Delete its sub-projects first.");
            await Removal.Project(db, row.Id);
            tx.Audit(call.Verb, "project", row.Id, row.Id, new { row.Name });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> SetTags(Call call, List<string> tags)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.Project(db, call["id"]);
            Reach.MustManage(call.Actor, row.DomainId);
            var text = TagsOf(tags);
            await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Tags, text));
            tx.Audit(call.Verb, "project", row.Id, row.Id, new { tags });
        });
        return Answer.Ok(new JsonObject { ["tags"] = JsonNode.Parse(TagsOf(tags)) });
    }

    private static string TagsOf(List<string> tags) =>
        tags.Any(t => t.Length == 0 || t.Contains(',') || t.Contains('/')) ? throw CloudError.Invalid("A tag must not be empty and must contain neither ',' nor '/'.") : JsonSerializer.Serialize(tags.Distinct());

    private Task<Answer> OfUser(Call call) => store.Read(async db =>
    {
        var user = await IdentityStore.User(db, call["user_id"]);
        if (call.Actor.UserId != user.Id && !Reach.Reads(call.Actor, user.DomainId)) throw Keystone.Missing("user", user.Id);
        var found = new List<ProjectRow>();
        foreach (var project in await db.Projects.Where(p => !p.IsDomain).OrderBy(p => p.Id).ToListAsync())
            if ((await Roles.Effective.Roles(db, user.Id, "project", project.Id)).Count > 0) found.Add(project);
        return Keystone.List(call, "projects", new Slice<ProjectRow>(found, false), p => ProjectWire.Of(p, call), p => p.Id);
    });
}
