using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Users;

internal sealed class UserApi(IdentityStore store, Passwords passwords, PasswordRules rules) : IApi
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
    }

    public JsonObject Wire(UserRow u, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = u.Id, ["name"] = u.Name, ["domain_id"] = u.DomainId, ["enabled"] = u.Enabled, ["password_expires_at"] = rules.ExpiresAt(u) is { } end ? Clock.Micros(end) : null,
            ["options"] = new UserOptions(u.Options).Wire, ["links"] = Keystone.Self(call, "/users/" + u.Id),
        };
        if (u.DefaultProjectId is not null) body["default_project_id"] = u.DefaultProjectId;
        Keystone.AddExtras(body, u.Extra);
        return body;
    }

    /// <summary>Oneself, or whoever may read the people of that domain.</summary>
    public static async Task<UserRow> Visible(IdentityDb db, Call call)
    {
        var row = await IdentityStore.User(db, call["id"]);
        return Reach.Reads(call.Actor, row.DomainId) || call.Actor.UserId == row.Id ? row : throw Keystone.Missing("user", row.Id);
    }

    private async Task<Answer> Show(Call call) => Answer.Ok(new JsonObject { ["user"] = Wire(await store.Read(db => Visible(db, call)), call) });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = db.Users.AsQueryable();
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(u => u.DomainId == only);
        rows = rows.Same(call, "domain_id", "DomainId").Same(call, "default_project_id", "DefaultProjectId").Named(call).Enabled(call);
        return await Pages.Of(call, "users", rows, u => Wire(u, call));
    });

    private string? HashOf(Fields body)
    {
        if (body.TextOr("password", 1, 4096) is not { } secret) return null;
        rules.MustHaveForm(secret);
        return passwords.Hash(secret);
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("user");
        var name = Keystone.Name(body);
        var hash = HashOf(body);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var domainId = body.TextOr("domain_id") ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? "default";
            await IdentityStore.Domain(db, domainId);
            Reach.MustManage(call.Actor, domainId);
            if (await db.Users.AnyAsync(u => u.DomainId == domainId && u.Name == name)) throw Keystone.Duplicate("user", name);
            var options = new UserOptions("{}").With(body.ObjectOr("options"));
            var made = new UserRow
            {
                Id = Id.New(), Name = name, DomainId = domainId, Enabled = body.FlagOr("enabled") ?? true, PasswordHash = hash,
                DefaultProjectId = body.TextOr("default_project_id"), Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
                Options = options, MustChange = hash is not null && rules.MustChange(new UserOptions(options)),
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
        var hash = HashOf(body);
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
            var options = new UserOptions(before.Options).With(body.ObjectOr("options"));
            if (hash is not null) await Put(db, before, hash, rules.MustChange(new UserOptions(options)), tx.Now);
            await db.Users.Where(u => u.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Name, name).SetProperty(u => u.Enabled, enabled)
                .SetProperty(u => u.DefaultProjectId, project).SetProperty(u => u.Extra, extra).SetProperty(u => u.Options, options));
            tx.Audit(call.Verb, "user", before.Id, null, new { name, enabled, password_changed = hash is not null });
            return await IdentityStore.User(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["user"] = Wire(row, call) });
    }

    /// <summary>Another password: tokens that are older die, wrong tries are forgotten, and the present one becomes an earlier one.</summary>
    private Task Put(IdentityDb db, UserRow user, string hash, bool mustChange, long now) => OwnPasswordApi.Put(db, user, rules.Earlier(user), hash, mustChange, now);

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
}
