using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Credentials;

/// <summary>Secrets with which programs act for a user in one project; the secret is shown once.</summary>
internal sealed class ApplicationCredentialApi(IdentityStore store, Passwords passwords, TokenReader tokens) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/users/{user_id}/application_credentials", "token", List);
        r.Post("/users/{user_id}/application_credentials", "token", "application_credential.create", Create);
        r.Get("/users/{user_id}/application_credentials/{id}", "token", Show);
        r.Delete("/users/{user_id}/application_credentials/{id}", "token", "application_credential.delete", Delete);
    }

    public static void MustBeOwn(Call call)
    {
        if (call["user_id"] != call.Actor.UserId && !call.Actor.IsAdmin) throw Keystone.Missing("user", call["user_id"]);
    }

    /// <summary>Else a leaked credential could make itself successors that outlive it.</summary>
    private Task MustNotBeDelegated(Call call) => tokens.MustNotBeDelegated(call, "make or delete application credentials");

    private static JsonObject Wire(ApplicationCredentialRow c, List<RoleRow> roles, IEnumerable<AccessRuleRow> rules, Call call, string? secret = null)
    {
        var body = new JsonObject
        {
            ["id"] = c.Id, ["name"] = c.Name, ["description"] = c.Description, ["project_id"] = c.ProjectId, ["user_id"] = c.UserId, ["unrestricted"] = c.Unrestricted, ["system"] = null,
            ["expires_at"] = c.ExpiresAt is { } at ? ExpiryWire.Text(at, c.ExpiresMicros) : null, ["roles"] = new JsonArray([.. roles.Select(r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name, ["domain_id"] = null })]),
            ["links"] = Keystone.Self(call, $"/users/{c.UserId}/application_credentials/{c.Id}"),
        };
        if (c.AccessRules is not null) body["access_rules"] = new JsonArray([.. rules.Select(AccessRuleApi.Wire)]);
        if (secret is not null) body["secret"] = secret;
        return body;
    }

    private static Task<List<RoleRow>> RolesOf(IdentityDb db, ApplicationCredentialRow c)
    {
        var ids = Keystone.Texts(c.Roles);
        return db.Roles.Where(r => ids.Contains(r.Id)).ToListAsync();
    }

    private static List<string> RuleIds(ApplicationCredentialRow c) => c.AccessRules is { } text ? Keystone.Texts(text) : [];

    private static Task<List<AccessRuleRow>> RulesOf(IdentityDb db, ApplicationCredentialRow c)
    {
        var ids = RuleIds(c);
        return db.AccessRules.Where(r => ids.Contains(r.Id)).ToListAsync();
    }

    private async Task<Answer> List(Call call)
    {
        MustBeOwn(call);
        return await store.Read(async db =>
        {
            var userId = call["user_id"];
            var rows = db.ApplicationCredentials.Where(c => c.UserId == userId);
            var roles = await db.Roles.ToDictionaryAsync(r => r.Id);
            var rules = await db.AccessRules.Where(r => r.UserId == userId).ToDictionaryAsync(r => r.Id);
            return await Pages.Of(call, "application_credentials", rows.Named(call), c => Wire(c, [.. Keystone.Texts(c.Roles).Where(roles.ContainsKey).Select(id => roles[id])], RuleIds(c).Where(rules.ContainsKey).Select(id => rules[id]), call));
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
        return Answer.Ok(new JsonObject { ["application_credential"] = Wire(row, await RolesOf(db, row), await RulesOf(db, row), call) });
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("application_credential");
        var name = Keystone.Name(body);
        if (call["user_id"] != call.Actor.UserId) throw CloudError.Forbidden("An application credential can be made only by the user whom it acts for.");
        if (call.Actor.ProjectId is not { } projectId) throw CloudError.Forbidden("An application credential needs a token that is scoped to a project.");
        var secret = body.TextOr("secret", 1, 255) ?? Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(48)).Replace('+', '-').Replace('/', '_');
        var hash = passwords.Hash(secret);
        var wanted = body.ObjectsOr("roles")?.Select(r => (Id: r.TextOr("id"), Name: r.TextOr("name"))).ToList();
        var limits = body.ObjectsOr("access_rules");
        var (expires, micros) = ExpiryWire.Read(body.TextOr("expires_at"));
        await MustNotBeDelegated(call);
        var (row, roles, rules) = await store.Write(call.Actor, async (tx, db) =>
        {
            if (expires <= tx.Now) throw CloudError.Invalid("expires_at lies in the past.");
            if (await db.ApplicationCredentials.AnyAsync(c => c.UserId == call.Actor.UserId && c.Name == name)) throw Keystone.Duplicate("application_credential", name);
            var held = await Effective.Roles(db, call.Actor.UserId, "project", projectId);
            var chosen = wanted is null ? held : [.. wanted.Select(w => held.FirstOrDefault(h => h.Id == w.Id || h.Name == w.Name)
                ?? throw CloudError.Invalid($"You do not hold the role {w.Name ?? w.Id} in this project, so the credential cannot have it."))];
            var ruled = await AccessRuleApi.Ensure(tx, db, call.Actor.UserId, limits ?? []);
            var made = new ApplicationCredentialRow
            {
                Id = Id.New(), UserId = call.Actor.UserId, ProjectId = projectId, Name = name, Description = body.TextOr("description", 0, 65_535) ?? "", SecretHash = hash,
                Roles = JsonSerializer.Serialize(chosen.Select(r => r.Id)), Unrestricted = body.FlagOr("unrestricted") ?? false, ExpiresAt = expires, ExpiresMicros = micros, CreatedAt = tx.Now,
                AccessRules = limits is null ? null : JsonSerializer.Serialize(ruled.Select(r => r.Id)),
            };
            db.Add(made);
            tx.Audit(call.Verb, "application_credential", made.Id, projectId, new { name });
            return (made, chosen, ruled);
        });
        return Answer.Created(new JsonObject { ["application_credential"] = Wire(row, roles, rules, call, secret) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await MustNotBeDelegated(call);
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            await db.ApplicationCredentials.Where(c => c.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "application_credential", row.Id, row.ProjectId, new { row.Name });
        });
        return Answer.NoContent;
    }
}
