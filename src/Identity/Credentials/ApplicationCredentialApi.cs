using System.Globalization;
using SortKey = Xiangyun.Store.Paging.SortKey;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Credentials;

/// <summary>Secrets with which programs act for a user in one project; the secret is shown once.</summary>
internal sealed class ApplicationCredentialApi(IdentityStore store, Passwords passwords) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/users/{user_id}/application_credentials", "token", List);
        r.Post("/users/{user_id}/application_credentials", "token", "application_credential.create", Create);
        r.Get("/users/{user_id}/application_credentials/{id}", "token", Show);
        r.Delete("/users/{user_id}/application_credentials/{id}", "token", "application_credential.delete", Delete);
    }

    private static void MustBeOwn(Call call)
    {
        if (call["user_id"] != call.Actor.UserId && !call.Actor.IsAdmin) throw Keystone.Missing("user", call["user_id"]);
    }

    private static JsonObject Wire(ApplicationCredentialRow c, List<RoleRow> roles, Call call, string? secret = null)
    {
        var body = new JsonObject
        {
            ["id"] = c.Id, ["name"] = c.Name, ["description"] = c.Description, ["project_id"] = c.ProjectId, ["user_id"] = c.UserId, ["unrestricted"] = c.Unrestricted, ["system"] = null,
            ["expires_at"] = c.ExpiresAt is { } at ? Clock.Micros(at) : null, ["roles"] = new JsonArray([.. roles.Select(r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name, ["domain_id"] = null })]),
            ["links"] = Keystone.Self(call, $"/users/{c.UserId}/application_credentials/{c.Id}"),
        };
        if (secret is not null) body["secret"] = secret;
        return body;
    }

    private static Task<List<RoleRow>> RolesOf(IdentityDb db, ApplicationCredentialRow c)
    {
        var ids = Keystone.Texts(c.Roles);
        return db.Roles.Where(r => ids.Contains(r.Id)).ToListAsync();
    }

    private async Task<Answer> List(Call call)
    {
        MustBeOwn(call);
        return await store.Read(async db =>
        {
            var userId = call["user_id"];
            var rows = db.ApplicationCredentials.Where(c => c.UserId == userId);
            if (call.QueryOr("name") is { } name) rows = rows.Where(c => c.Name == name);
            var page = call.Page();
            var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(c => c.Id == m) ?? throw Keystone.Missing("marker", m) : null;
            var slice = await rows.Paged([new SortKey("Id")], page, mark);
            var roles = new Dictionary<string, List<RoleRow>>();
            foreach (var row in slice.Rows) roles[row.Id] = await RolesOf(db, row);
            return Keystone.List(call, "application_credentials", slice, c => Wire(c, roles[c.Id], call), c => c.Id);
        });
    }

    private static async Task<ApplicationCredentialRow> Find(IdentityDb db, Call call)
    {
        MustBeOwn(call);
        var (id, userId) = (call["id"], call["user_id"]);
        return await db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == id && c.UserId == userId) ?? throw Keystone.Missing("application credential", id);
    }

    private Task<Answer> Show(Call call) => store.Read(async db =>
    {
        var row = await Find(db, call);
        return Answer.Ok(new JsonObject { ["application_credential"] = Wire(row, await RolesOf(db, row), call) });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("application_credential");
        var name = body.Text("name", 1);
        if (call["user_id"] != call.Actor.UserId) throw CloudError.Forbidden("An application credential can be made only by the user whom it acts for.");
        if (call.Actor.ProjectId is not { } projectId) throw CloudError.Forbidden("An application credential needs a token that is scoped to a project.");
        var secret = body.TextOr("secret", 1, 255) ?? Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(48)).Replace('+', '-').Replace('/', '_');
        var hash = passwords.Hash(secret);
        var wanted = body.ObjectsOr("roles")?.Select(r => (Id: r.TextOr("id"), Name: r.TextOr("name"))).ToList();
        var expires = body.TextOr("expires_at") is not { } text ? (long?)null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds()
            : throw CloudError.Invalid($"Invalid input for field expires_at. Value: {text}. It must be an ISO 8601 time.");
        var (row, roles) = await store.Write(call.Actor, async (tx, db) =>
        {
            if (expires <= tx.Now) throw CloudError.Invalid("expires_at lies in the past.");
            if (await db.ApplicationCredentials.AnyAsync(c => c.UserId == call.Actor.UserId && c.Name == name)) throw Keystone.Duplicate("application_credential", name);
            var held = await Effective.Roles(db, call.Actor.UserId, "project", projectId);
            var chosen = wanted is null ? held : [.. wanted.Select(w => held.FirstOrDefault(h => h.Id == w.Id || h.Name == w.Name)
                ?? throw CloudError.Invalid($"You do not hold the role {w.Name ?? w.Id} in this project, so the credential cannot have it."))];
            var made = new ApplicationCredentialRow
            {
                Id = Id.New(), UserId = call.Actor.UserId, ProjectId = projectId, Name = name, Description = body.TextOr("description", 0, 65_535) ?? "", SecretHash = hash,
                Roles = JsonSerializer.Serialize(chosen.Select(r => r.Id)), Unrestricted = body.FlagOr("unrestricted") ?? false, ExpiresAt = expires, CreatedAt = tx.Now,
            };
            db.Add(made);
            tx.Audit(call.Verb, "application_credential", made.Id, projectId, new { name });
            return (made, chosen);
        });
        return Answer.Created(new JsonObject { ["application_credential"] = Wire(row, roles, call, secret) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            await db.ApplicationCredentials.Where(c => c.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "application_credential", row.Id, row.ProjectId, new { row.Name });
        });
        return Answer.NoContent;
    }
}
