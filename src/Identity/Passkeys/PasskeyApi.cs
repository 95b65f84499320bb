using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Passkeys;

/// <summary>Everybody makes passkeys for itself; who manages the domain sees them and takes lost ones away. Signing in with one is a method of Keystone's tokens.</summary>
internal sealed class PasskeyApi(IdentityStore store, Ceremony ceremony) : IApi
{
    /// <summary>More than that are no longer devices that somebody has at hand.</summary>
    private const int Most = 20;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/passkeys/sign-in", Rules.Public, async call => Wire(await ceremony.Using(call.Http, Ceremony.Origin(call.QueryOr("origin")))));
        r.Get("/me/passkeys/new", "token", async call => Wire(await ceremony.Making(call.Http, await Own(call), Ceremony.Origin(call.QueryOr("origin")))));
        r.Post("/me/passkeys", "token", "passkey.create", Create);
        r.Get("/users/{id}/passkeys", "identity:get_user", List);
        r.Delete("/users/{id}/passkeys/{passkey_id}", "identity:get_user", "passkey.delete", Delete);
    }

    private static Answer Wire(Challenge challenge) => Answer.Ok(new JsonObject { ["challenge"] = new JsonObject { ["options"] = challenge.Options, ["state"] = challenge.State } });

    private static JsonObject Wire(PasskeyRow p) => new()
    {
        ["id"] = p.Id, ["name"] = p.Name, ["user_id"] = p.UserId, ["origin"] = p.Origin, ["synced"] = p.BackedUp, ["created_at"] = Clock.Seconds(p.CreatedAt), ["used_at"] = Clock.Seconds(p.UsedAt),
    };

    /// <summary>Whose it will be: a program's credential, or somebody who acts for another, makes none.</summary>
    private async Task<UserRow> Own(Call call)
    {
        if (call.Actor.SignedInUserId is not null || call.Actor.Only is not null) throw CloudError.Forbidden("A passkey is made by its owner, who signed in itself.");
        return await store.Read(db => IdentityStore.User(db, call.Actor.UserId));
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("passkey");
        var (name, sealed_, credential) = (body.Text("name", 1, 64), body.Text("state", 1, 8192), PasskeyFactor.Credential(body));
        body.Done();
        var user = await Own(call);
        if (ceremony.Open(sealed_) is not { UserId: not null } state || state.UserId != user.Id) throw CloudError.Invalid("Invalid input for field/attribute passkey.state. It is unknown or older than five minutes; begin again with GET me/passkeys/new.");
        var result = await ceremony.Made(call.Http, state, credential);
        if (!result.Succeeded) throw CloudError.Invalid($"The browser's answer is not accepted: {result.Failure.Message}");
        var made = result.Passkey;
        var row = new PasskeyRow
        {
            Id = PasskeyStore.Text(made.CredentialId), UserId = user.Id, Name = name, Origin = state.Origin, PublicKey = Convert.ToBase64String(made.PublicKey), Transports = JsonSerializer.Serialize(made.Transports ?? []),
            SignCount = made.SignCount, BackupEligible = made.IsBackupEligible, BackedUp = made.IsBackedUp, ChallengeAt = state.At, CreatedAt = made.CreatedAt.ToUnixTimeMilliseconds(),
        };
        return await store.Write(call.Actor, async (tx, db) =>
        {
            await tx.Lock("identity.passkeys:" + user.Id);
            if (await db.Passkeys.AnyAsync(p => p.Id == row.Id)) throw CloudError.Conflict("This passkey is registered already.");
            if (await db.Passkeys.CountAsync(p => p.UserId == user.Id) >= Most) throw CloudError.Conflict($"You have {Most} passkeys; delete one that you no longer use.");
            db.Add(row);
            tx.Audit(call.Verb, "user", user.Id, null, new { passkey = row.Id, name, row.Origin });
            return Answer.Created(new JsonObject { ["passkey"] = Wire(row) });
        });
    }

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var user = await UserApi.Visible(db, call);
        var (rows, page) = (db.Passkeys.Where(p => p.UserId == user.Id), call.Page());
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no passkey of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(PasskeyRow.CreatedAt))], page, mark);
        return Answer.Ok(new JsonObject { ["passkeys"] = new JsonArray([.. slice.Rows.Select(Wire)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    });

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var (user, id) = (await UserApi.Visible(db, call), call["passkey_id"]);
            if (call.Actor.UserId != user.Id)
            {
                Reach.MustManage(call.Actor, user.DomainId);
                await ManagerRules.MustNotOutrank(db, call.Actor, user.Id);
            }
            var row = await db.Passkeys.SingleOrDefaultAsync(p => p.Id == id && p.UserId == user.Id) ?? throw CloudError.NotFound($"There is no passkey {id} of this user.");
            await db.Passkeys.Where(p => p.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "user", user.Id, null, new { passkey = row.Id, row.Name });
        });
        return Answer.NoContent;
    }
}
