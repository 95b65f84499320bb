using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

/// <summary>Projects; a domain may be read, changed and deleted here too, as the project that acts as one.</summary>
internal sealed class ProjectApi(IdentityStore store, Organisations.Estate estate, Store.Quotas.QuotaTree tree) : IApi
{
    private static readonly string[] Known = ["name", "domain_id", "parent_id", "description", "enabled", "is_domain", "tags", "options", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/projects", "identity:list_projects", List);
        r.Post("/projects", "identity:create_project", "project.create", Create);
        r.Get("/projects/{id}", "identity:get_project", Show);
        r.Head("/projects/{id}", "identity:get_project", async call => (await Show(call)) with { Body = null });
        r.Patch("/projects/{id}", "identity:update_project", "project.update", Update);
        r.Delete("/projects/{id}", "identity:delete_project", "project.delete", Delete);
        r.Get("/users/{user_id}/projects", "identity:list_user_projects", OfUser);
    }

    public static async Task<ProjectRow> Visible(IdentityDb db, Call call)
    {
        var row = await Any(db, call["id"]);
        return Reach.Reads(call.Actor, row.DomainId) || call.Actor.ProjectId == row.Id
            || call.Actor.ProjectId is { } own && call.Actor.Roles.Contains("manager") && (await Effective.Ancestors(db, row.Id)).Contains(("project", own)) ? row : throw Keystone.Missing("project", call["id"]);
    }

    private static async Task<ProjectRow> Any(IdentityDb db, string id) => await db.Projects.SingleOrDefaultAsync(p => p.Id == id) ?? throw Keystone.Missing("project", id);

    private static async Task<ProjectTree> Tree(IdentityDb db, string domainId) =>
        new(await db.Projects.Where(p => p.DomainId == domainId && !p.IsDomain).Select(p => new ProjectTree.Node(p.Id, p.ParentId, p.Enabled)).ToListAsync());

    private Task<Answer> Show(Call call) => store.Read(async db =>
    {
        var row = await Visible(db, call);
        var body = ProjectWire.Of(row, call);
        if (call.QueryNames.Any(n => n.StartsWith("parents_as", StringComparison.Ordinal) || n.StartsWith("subtree_as", StringComparison.Ordinal)))
        {
            var tree = await Tree(db, row.DomainId);
            if (call.QueryOr("parents_as_ids") is not null) body["parents"] = row.IsDomain ? null : tree.IdsAbove(row.Id, row.DomainId);
            else if (call.QueryOr("parents_as_list") is not null) body["parents"] = await Wire(db, call, tree.Above(row.Id));
            if (call.QueryOr("subtree_as_ids") is not null) body["subtree"] = tree.IdsBelow(row.Id);
            else if (call.QueryOr("subtree_as_list") is not null) body["subtree"] = await Wire(db, call, tree.Below(row.Id));
        }
        return Answer.Ok(new JsonObject { ["project"] = body });
    });

    /// <summary>Of the relatives, those that the caller may see.</summary>
    private static async Task<JsonArray> Wire(IdentityDb db, Call call, List<ProjectTree.Node> nodes)
    {
        var ids = nodes.Select(n => n.Id).ToList();
        var held = (await Effective.Projects(db, call.Actor.UserId)).Select(p => p.Id);
        var rows = await db.Projects.Where(p => ids.Contains(p.Id)).ToListAsync();
        var mine = (await held.ToListAsync()).ToHashSet();
        return [.. rows.Where(p => Reach.Reads(call.Actor, p.DomainId) || mine.Contains(p.Id)).OrderBy(p => ids.IndexOf(p.Id)).Select(p => new JsonObject { ["project"] = ProjectWire.Of(p, call) })];
    }

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var domains = call.QueryFlag("is_domain");
        var rows = db.Projects.Where(p => p.IsDomain == domains);
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(p => p.DomainId == only);
        if (call.QueryOr("parent_id") is { } parent) rows = rows.Where(p => p.ParentId == parent || p.ParentId == null && p.DomainId == parent);
        rows = rows.Same(call, "domain_id", "DomainId").Named(call).Enabled(call).Tagged(db.Projects, call);
        return await Pages.Of(call, "projects", rows, p => ProjectWire.Of(p, call));
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("project");
        var row = await store.Write(call.Actor, (tx, db) => body.FlagOr("is_domain") == true ? CreateDomain(tx, db, call, body) : Create(tx, db, call, body));
        return Answer.Created(new JsonObject { ["project"] = ProjectWire.Of(row, call) });
    }

    private static Task<ProjectRow> CreateDomain(Store.Tx tx, IdentityDb db, Call call, Fields body)
    {
        if (!call.Actor.IsAdmin) throw CloudError.Forbidden("Only a cloud administrator may create a domain.");
        if (body.TextOr("domain_id") is not null || body.TextOr("parent_id") is not null) throw CloudError.Invalid("A project that acts as a domain has neither domain_id nor parent_id.");
        return Domains.Create(tx, db, call, body);
    }

    private async Task<ProjectRow> Create(Store.Tx tx, IdentityDb db, Call call, Fields body)
    {
        var name = Keystone.Name(body, 64);
        var parentId = body.TextOr("parent_id");
        var parent = parentId is null ? null : await Any(db, parentId);
        var domainId = body.TextOr("domain_id") ?? parent?.DomainId ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? "default";
        if (parent is not null && parent.DomainId != domainId) throw CloudError.Invalid("The parent project must be in the same domain.");
        await IdentityStore.Domain(db, domainId);
        if (parent is { IsDomain: false }) await Subtree.MustManage(db, call.Actor, parent.Id);
        else Reach.MustManage(call.Actor, domainId);
        if (parent is { IsDomain: false }) (await Tree(db, domainId)).MustTakeChild(parent.Id);
        if (await db.Projects.AnyAsync(p => !p.IsDomain && p.DomainId == domainId && p.Name == name)) throw Keystone.Duplicate("project", name);
        await tree.MustHaveRoomBelow(tx, parentId ?? domainId, Organisations.ProjectUse.Projects, 1);
        var made = new ProjectRow
        {
            Id = Id.New(), Name = name, DomainId = domainId, ParentId = parent is { IsDomain: false } ? parent.Id : null, Enabled = body.FlagOr("enabled") ?? true,
            Description = body.TextOr("description", 0, 65_535) ?? "", Tags = Tags.Of(body.TextsOr("tags") ?? []), Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
        };
        db.Add(made);
        tx.Audit(call.Verb, "project", made.Id, made.Id, new { made.Name, made.DomainId });
        return made;
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("project");
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Any(db, call["id"]);
            if (body.FlagOr("is_domain") is { } kind && kind != row.IsDomain) throw CloudError.Invalid("Update of is_domain is not allowed.");
            if (!row.IsDomain) await Change(tx, db, call, row, body);
            else if (call.Actor.IsAdmin) await Domains.Update(tx, db, call, row, body);
            else throw CloudError.Forbidden("Only a cloud administrator may change a domain.");
        });
        return await Show(call);
    }

    private static async Task Change(Store.Tx tx, IdentityDb db, Call call, ProjectRow row, Fields body)
    {
        await Subtree.MustManage(db, call.Actor, row.Id);
        var name = body.TextOr("name", 1, 64) ?? row.Name;
        if (body.TextOr("domain_id") is { } domain && domain != row.DomainId) throw CloudError.Invalid("A project cannot be moved to another domain by an update.");
        if (body.TextOr("parent_id") is { } parent && parent != (row.ParentId ?? row.DomainId)) throw CloudError.Forbidden("Update of parent_id is not allowed.");
        if (name != row.Name && await db.Projects.AnyAsync(p => !p.IsDomain && p.DomainId == row.DomainId && p.Name == name)) throw Keystone.Duplicate("project", name);
        var (description, enabled, extra) = (body.TextOr("description", 0, 65_535) ?? row.Description, body.FlagOr("enabled") ?? row.Enabled, Keystone.Extras(body, row.Extra, Known));
        if (enabled != row.Enabled) (await Tree(db, row.DomainId)).MustAllowEnabled(row.Id, enabled);
        var tags = body.TextsOr("tags") is { } given ? Tags.Of(given) : row.Tags;
        await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name).SetProperty(p => p.Description, description)
            .SetProperty(p => p.Enabled, enabled).SetProperty(p => p.Tags, tags).SetProperty(p => p.Extra, extra));
        tx.Audit(call.Verb, "project", row.Id, row.Id, new { name, enabled });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Any(db, call["id"]);
            if (row.IsDomain)
            {
                if (!call.Actor.IsAdmin) throw CloudError.Forbidden("Only a cloud administrator may delete a domain.");
                await Domains.Delete(tx, db, call, row, estate);
                return;
            }
            await Subtree.MustManage(db, call.Actor, row.Id, below: true);
            if (await db.Projects.AnyAsync(p => p.ParentId == row.Id)) throw CloudError.Forbidden($"Cannot delete the project {row.Id} since it is not a leaf in the hierarchy. Delete its sub-projects first.");
            await Organisations.Closing.MustBeEmpty(tx, estate, row);
            await Removal.Project(tx, db, row.Id);
            tx.Audit(call.Verb, "project", row.Id, row.Id, new { row.Name });
        });
        return Answer.NoContent;
    }

    private Task<Answer> OfUser(Call call) => store.Read(async db =>
    {
        var user = await IdentityStore.User(db, call["user_id"]);
        if (call.Actor.UserId != user.Id && !Reach.Reads(call.Actor, user.DomainId)) throw Keystone.Missing("user", user.Id);
        return await Pages.Of(call, "projects", (await Effective.Projects(db, user.Id)).Same(call, "domain_id", "DomainId").Named(call).Enabled(call), p => ProjectWire.Of(p, call));
    });
}
