using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Groups;

internal sealed class GroupApi(IdentityStore store, UserApi users) : IApi
{
    private static readonly string[] Known = ["name", "domain_id", "description", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/groups", "identity:list_groups", List);
        r.Post("/groups", "identity:create_group", "group.create", Create);
        r.Get("/groups/{id}", "identity:get_group", async call => Answer.Ok(new JsonObject { ["group"] = Wire(await Find(call), call) }));
        r.Patch("/groups/{id}", "identity:update_group", "group.update", Update);
        r.Delete("/groups/{id}", "identity:delete_group", "group.delete", Delete);
        r.Get("/groups/{id}/users", "identity:get_group", Members);
        r.Put("/groups/{id}/users/{user_id}", "identity:update_group", "group.add_user", AddUser);
        r.Delete("/groups/{id}/users/{user_id}", "identity:update_group", "group.remove_user", RemoveUser);
        r.Head("/groups/{id}/users/{user_id}", "identity:get_group", CheckUser);
        r.Get("/users/{user_id}/groups", "identity:list_user_projects", OfUser);
    }

    private static JsonObject Wire(GroupRow g, Call call)
    {
        var body = new JsonObject { ["id"] = g.Id, ["name"] = g.Name, ["domain_id"] = g.DomainId, ["description"] = g.Description, ["links"] = Keystone.Self(call, "/groups/" + g.Id) };
        Keystone.AddExtras(body, g.Extra);
        return body;
    }

    private async Task<GroupRow> Find(Call call) => await store.Read(async db =>
    {
        var row = await IdentityStore.Group(db, call["id"]);
        return Reach.Reads(call.Actor, row.DomainId) ? row : throw Keystone.Missing("group", row.Id);
    });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = db.Groups.AsQueryable();
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(g => g.DomainId == only);
        return await Pages.Of(call, "groups", rows.Same(call, "domain_id", "DomainId").Named(call), g => Wire(g, call));
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("group");
        var name = Keystone.Name(body);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var domainId = body.TextOr("domain_id") ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? "default";
            await IdentityStore.Domain(db, domainId);
            Reach.MustManage(call.Actor, domainId);
            if (await db.Groups.AnyAsync(g => g.DomainId == domainId && g.Name == name)) throw Keystone.Duplicate("group", name);
            var made = new GroupRow { Id = Id.New(), Name = name, DomainId = domainId, Description = body.TextOr("description", 0, 65_535) ?? "", Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now };
            db.Add(made);
            tx.Audit(call.Verb, "group", made.Id, null, new { name, domainId });
            return made;
        });
        return Answer.Created(new JsonObject { ["group"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("group");
        var row = await Change(call, async (tx, db, before) =>
        {
            var (name, description, extra) = (body.TextOr("name", 1) ?? before.Name, body.TextOr("description", 0, 65_535) ?? before.Description, Keystone.Extras(body, before.Extra, Known));
            if (body.TextOr("domain_id") is { } domain && domain != before.DomainId) throw CloudError.Invalid("A group cannot be moved to another domain.");
            if (name != before.Name && await db.Groups.AnyAsync(g => g.DomainId == before.DomainId && g.Name == name)) throw Keystone.Duplicate("group", name);
            await db.Groups.Where(g => g.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.Name, name).SetProperty(g => g.Description, description).SetProperty(g => g.Extra, extra));
        });
        return Answer.Ok(new JsonObject { ["group"] = Wire(row!, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await Change(call, (_, db, row) => Removal.Group(db, row.Id));
        return Answer.NoContent;
    }

    private async Task<Answer> AddUser(Call call)
    {
        await Change(call, (tx, db, row) => Memberships.Join(tx, db, call.Actor, row.Id, call["user_id"]));
        return Answer.NoContent;
    }

    private async Task<Answer> RemoveUser(Call call)
    {
        await Change(call, (tx, db, row) => Memberships.Leave(tx, db, call.Actor, row.Id, call["user_id"]));
        return Answer.NoContent;
    }

    private async Task<Answer> CheckUser(Call call)
    {
        var (row, userId) = (await Find(call), call["user_id"]);
        return await store.Read(db => db.Memberships.AnyAsync(m => m.GroupId == row.Id && m.UserId == userId)) ? Answer.NoContent : throw Keystone.Missing("user in group", userId);
    }

    private async Task<GroupRow?> Change(Call call, Func<Store.Tx, IdentityDb, GroupRow, Task> change) => await store.Write(call.Actor, async (tx, db) =>
    {
        var row = await IdentityStore.Group(db, call["id"]);
        await Memberships.MustManage(db, call.Actor, row.Id);
        await change(tx, db, row);
        tx.Audit(call.Verb, "group", row.Id, null, new { row.Name });
        return await db.Groups.SingleOrDefaultAsync(g => g.Id == row.Id);
    });

    private async Task<Answer> Members(Call call)
    {
        var group = await Find(call);
        return await store.Read(async db =>
        {
            var ids = db.Memberships.Where(m => m.GroupId == group.Id).Select(m => m.UserId);
            var rows = db.Users.Where(u => ids.Contains(u.Id));
            return await Pages.Of(call, "users", rows.Named(call).Enabled(call), u => users.Wire(u, call));
        });
    }

    private Task<Answer> OfUser(Call call) => store.Read(async db =>
    {
        var user = await IdentityStore.User(db, call["user_id"]);
        if (call.Actor.UserId != user.Id && !Reach.Reads(call.Actor, user.DomainId)) throw Keystone.Missing("user", user.Id);
        var ids = db.Memberships.Where(m => m.UserId == user.Id).Select(m => m.GroupId);
        return await Pages.Of(call, "groups", db.Groups.Where(g => ids.Contains(g.Id)).Named(call), g => Wire(g, call));
    });
}
