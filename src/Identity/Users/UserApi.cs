using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Users;

internal sealed class UserApi(IdentityStore store, Passwords passwords, SignInLog signIns) : IApi
{
    private static readonly string[] Known = ["name", "domain_id", "enabled", "password", "original_password", "default_project_id", "options", "id", "links", "password_expires_at", "federated"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/users", "identity:list_users", List);
        r.Post("/users", "identity:create_user", "user.create", Create);
        r.Get("/users/{id}", "identity:get_user", Show);
        r.Head("/users/{id}", "identity:get_user", async call => (await Show(call)) with { Body = null });
        r.Patch("/users/{id}", "identity:update_user", "user.update", Update);
        r.Delete("/users/{id}", "identity:delete_user", "user.delete", Delete);
        r.Post("/users/{id}/password", "token", "user.password", ChangePassword);
    }

    public static JsonObject Wire(UserRow u, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = u.Id, ["name"] = u.Name, ["domain_id"] = u.DomainId, ["enabled"] = u.Enabled, ["password_expires_at"] = null,
            ["options"] = new JsonObject(), ["links"] = Keystone.Self(call, "/users/" + u.Id),
        };
        if (u.DefaultProjectId is not null) body["default_project_id"] = u.DefaultProjectId;
        Keystone.AddExtras(body, u.Extra);
        return body;
    }

    private async Task<UserRow> Find(Call call) => await store.Read(async db =>
    {
        var row = await IdentityStore.User(db, call["id"]);
        return Reach.Reads(call.Actor, row.DomainId) || call.Actor.UserId == row.Id ? row : throw Keystone.Missing("user", row.Id);
    });

    private async Task<Answer> Show(Call call) => Answer.Ok(new JsonObject { ["user"] = Wire(await Find(call), call) });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = db.Users.AsQueryable();
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(u => u.DomainId == only);
        rows = rows.Same(call, "domain_id", "DomainId").Same(call, "default_project_id", "DefaultProjectId").Named(call).Enabled(call);
        return await Pages.Of(call, "users", rows, u => Wire(u, call));
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("user");
        var name = Keystone.Name(body);
        var hash = body.TextOr("password", 1, 4096) is { } secret ? passwords.Hash(secret) : null;
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var domainId = body.TextOr("domain_id") ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? "default";
            await IdentityStore.Domain(db, domainId);
            Reach.MustManage(call.Actor, domainId);
            if (await db.Users.AnyAsync(u => u.DomainId == domainId && u.Name == name)) throw Keystone.Duplicate("user", name);
            var made = new UserRow
            {
                Id = Id.New(), Name = name, DomainId = domainId, Enabled = body.FlagOr("enabled") ?? true, PasswordHash = hash,
                DefaultProjectId = body.TextOr("default_project_id"), Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
            };
            db.Add(made);
            tx.Audit(call.Verb, "user", made.Id, null, new { made.Name, made.DomainId });
            return made;
        });
        return Answer.Created(new JsonObject { ["user"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("user");
        var hash = body.TextOr("password", 1, 4096) is { } secret ? passwords.Hash(secret) : null;
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await IdentityStore.User(db, call["id"]);
            Reach.MustManage(call.Actor, before.DomainId);
            await ManagerRules.MustNotOutrank(db, call.Actor, before.Id);
            var name = body.TextOr("name", 1) ?? before.Name;
            if (body.TextOr("domain_id") is { } domain && domain != before.DomainId) throw CloudError.Invalid("A user cannot be moved to another domain.");
            if (name != before.Name && await db.Users.AnyAsync(u => u.DomainId == before.DomainId && u.Name == name)) throw Keystone.Duplicate("user", name);
            var (enabled, extra) = (body.FlagOr("enabled") ?? before.Enabled, Keystone.Extras(body, before.Extra, Known));
            var project = body.Has("default_project_id") ? body.TextOr("default_project_id") : before.DefaultProjectId;
            var (password, changed) = hash is null ? (before.PasswordHash, before.PasswordChangedAt) : (hash, tx.Now);
            await db.Users.Where(u => u.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Name, name).SetProperty(u => u.Enabled, enabled)
                .SetProperty(u => u.DefaultProjectId, project).SetProperty(u => u.Extra, extra).SetProperty(u => u.PasswordHash, password).SetProperty(u => u.PasswordChangedAt, changed));
            tx.Audit(call.Verb, "user", before.Id, null, new { name, enabled, password_changed = hash is not null });
            return await IdentityStore.User(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["user"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.User(db, call["id"]);
            Reach.MustManage(call.Actor, row.DomainId);
            await ManagerRules.MustNotOutrank(db, call.Actor, row.Id);
            await Removal.User(db, row.Id);
            tx.Audit(call.Verb, "user", row.Id, null, new { row.Name });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> ChangePassword(Call call)
    {
        var body = await call.Body("user");
        var (before, after) = (body.Text("original_password", 0, 4096), body.Text("password", 1, 4096));
        var userId = call["id"];
        var row = await store.Read(db => db.Users.SingleOrDefaultAsync(u => u.Id == userId));
        // Whoever knows the old password may set a new one, as in Keystone; an unknown user answers like a wrong password.
        if (!passwords.Matches(row?.PasswordHash, before) || row is not { Enabled: true })
        {
            await signIns.Refused(call, userId, "password");
            throw CloudError.Unauthorized("The request you have made requires authentication.");
        }
        var hash = passwords.Hash(after);
        await store.Write(call.Actor, async (tx, db) =>
        {
            await db.Users.Where(u => u.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.PasswordHash, hash).SetProperty(u => u.PasswordChangedAt, tx.Now));
            tx.Audit(call.Verb, "user", row.Id);
        });
        return Answer.NoContent;
    }
}
