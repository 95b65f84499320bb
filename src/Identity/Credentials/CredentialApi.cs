using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Credentials;

/// <summary>/v3/credentials: secrets that a user keeps here and reads again, such as certificates. They are encrypted at rest.</summary>
internal sealed class CredentialApi(IdentityStore store, Vault vault, TokenReader tokens) : IApi
{
    private const int LargestBlob = 65_535;
    private static readonly string[] Known = ["user_id", "project_id", "type", "blob", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/credentials", "token", List);
        r.Post("/credentials", "token", "credential.create", Create);
        r.Get("/credentials/{id}", "token", Show);
        r.Patch("/credentials/{id}", "token", "credential.update", Update);
        r.Delete("/credentials/{id}", "token", "credential.delete", Delete);
    }

    private JsonObject Wire(CredentialRow c, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = c.Id, ["user_id"] = c.UserId, ["project_id"] = c.ProjectId, ["type"] = c.Type, ["blob"] = vault.Open(c), ["links"] = Keystone.Self(call, "/credentials/" + c.Id),
        };
        Keystone.AddExtras(body, c.Extra);
        return body;
    }

    private static async Task<CredentialRow> Find(IdentityDb db, Call call)
    {
        var (id, actor) = (call["id"], call.Actor);
        var row = await db.Credentials.SingleOrDefaultAsync(c => c.Id == id);
        return row is not null && (row.UserId == actor.UserId || actor.IsAdmin && !await Guarded.Is(db, row.UserId)) ? row : throw Keystone.Missing("credential", id);
    }

    /// <summary>Secrets are not for whoever was only lent some roles.</summary>
    private Task MustBeOwnSelf(Call call) => tokens.MustNotBeDelegated(call, "use stored credentials");

    private async Task<Answer> Show(Call call)
    {
        await MustBeOwnSelf(call);
        return await store.Read(async db => Answer.Ok(new JsonObject { ["credential"] = Wire(await Find(db, call), call) }));
    }

    private async Task<Answer> List(Call call)
    {
        await MustBeOwnSelf(call);
        return await store.Read(db => Rows(db, call));
    }

    private async Task<Answer> Rows(IdentityDb db, Call call)
    {
        var rows = db.Credentials.AsQueryable();
        var own = call.Actor.UserId;
        rows = call.Actor.IsAdmin ? rows.Where(c => c.UserId == own || !Guarded.Users(db).Contains(c.UserId)) : rows.Where(c => c.UserId == own);
        return await Pages.Of(call, "credentials", rows.Same(call, "user_id", "UserId").Same(call, "type", "Type"), c => Wire(c, call));
    }

    private static string IdOf(string type, string blob)
    {
        if (type == "totp" && Totp.Secret(blob) is null) throw CloudError.Invalid("The blob of a totp credential must be its secret in base32.");
        if (type != "ec2") return Id.New();
        try
        {
            if (JsonNode.Parse(blob) is JsonObject pair && pair["access"] is JsonValue access && access.TryGetValue<string>(out var key)) return Vault.Ec2Id(key);
        }
        catch (JsonException)
        {
            // Said below, in the same words as for a missing member.
        }
        throw CloudError.Invalid("The blob of an ec2 credential must be a JSON object with the members access and secret.");
    }

    private static async Task MustOwn(IdentityDb db, Call call, string userId)
    {
        if (userId != call.Actor.UserId && !call.Actor.IsAdmin) throw CloudError.Forbidden("A credential can be kept only for yourself.");
        if (userId != call.Actor.UserId) await Guarded.MustNotBe(db, userId);
        await IdentityStore.User(db, userId);
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("credential");
        var (type, blob) = (body.Text("type", 1), body.Text("blob", 1, LargestBlob));
        await MustBeOwnSelf(call);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var made = new CredentialRow
            {
                Id = IdOf(type, blob), UserId = body.TextOr("user_id") ?? call.Actor.UserId, ProjectId = body.TextOr("project_id"), Type = type, SealedBlob = vault.Seal(blob),
                Extra = Keystone.Extras(body, null, Known),
            };
            await MustOwn(db, call, made.UserId);
            if (made.ProjectId is { } project) await IdentityStore.Project(db, project);
            else if (type == "ec2") throw CloudError.Invalid("An ec2 credential needs a project_id.");
            if (await db.Credentials.AnyAsync(c => c.Id == made.Id)) throw Keystone.Duplicate("credential", made.Id);
            db.Add(made);
            tx.Audit(call.Verb, "credential", made.Id, made.ProjectId, new { made.Type, made.UserId });
            return made;
        });
        return Answer.Created(new JsonObject { ["credential"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("credential");
        var blob = body.TextOr("blob", 1, LargestBlob);
        await MustBeOwnSelf(call);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Find(db, call);
            var (user, project, type) = (body.TextOr("user_id") ?? before.UserId, body.TextOr("project_id") ?? before.ProjectId, body.TextOr("type", 1) ?? before.Type);
            await MustOwn(db, call, user);
            if (project is not null) await IdentityStore.Project(db, project);
            var (text, extra) = (blob is null ? before.SealedBlob : vault.Seal(blob), Keystone.Extras(body, before.Extra, Known));
            await db.Credentials.Where(c => c.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.UserId, user).SetProperty(c => c.ProjectId, project)
                .SetProperty(c => c.Type, type).SetProperty(c => c.SealedBlob, text).SetProperty(c => c.Extra, extra));
            tx.Audit(call.Verb, "credential", before.Id, project, new { type, user });
            return await Find(db, call);
        });
        return Answer.Ok(new JsonObject { ["credential"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await MustBeOwnSelf(call);
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call);
            await db.Credentials.Where(c => c.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "credential", row.Id, row.ProjectId, new { row.Type, row.UserId });
        });
        return Answer.NoContent;
    }
}
