using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Tokens;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.SignInRules;

/// <summary>Who is signed in, from where, since when; ended one by one. And /me: what somebody should be shown when it comes in.</summary>
internal sealed class SessionApi(IdentityStore store, TokenReader reader, PasswordRules rules, TimeProvider clock) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/me", "token", Me);
        r.Get("/users/{id}/sessions", "identity:get_user", List);
        r.Delete("/me/session", "token", "session.delete", EndOwn);
        r.Delete("/users/{id}/sessions/{session_id}", "identity:get_user", "session.delete", End);
    }

    private Task<Answer> Me(Call call) => store.Read(async db =>
    {
        var user = await IdentityStore.User(db, call.Actor.SignedInUserId ?? call.Actor.UserId);
        return Answer.Ok(new JsonObject
        {
            ["me"] = new JsonObject
            {
                ["user_id"] = user.Id, ["user_name"] = user.Name, ["domain_id"] = user.DomainId,
                ["signed_in_at"] = Clock.Seconds(user.CameAt), ["signed_in_from"] = user.CameFrom,
                ["last_sign_in_at"] = Clock.Seconds(user.CameBeforeAt), ["last_sign_in_from"] = user.CameBeforeFrom, ["failures_in_between"] = user.FailedBefore,
                ["second_factor_demanded"] = await SecondFactor.Demanded(db, user.DomainId), ["second_factor_enrolled"] = await SecondFactor.Enrolled(db, user.Id),
                ["password_expires_at"] = Clock.Seconds(rules.ExpiresAt(user)),
            },
        });
    });

    /// <summary>Sign-ins that are still worth something.</summary>
    private static IQueryable<SessionRow> Living(IdentityDb db, UserRow user, long now)
    {
        var from = Math.Max(user.PasswordChangedAt ?? 0, user.SignedOutAt + 1 ?? 0);
        return db.Sessions.Where(s => s.UserId == user.Id && s.ExpiresAt > now && s.IssuedAt >= from && !db.Revocations.Any(r => r.AuditId == s.Id));
    }

    private async Task<Answer> List(Call call)
    {
        var own = (await reader.Of(call)).Ticket.AuditIds;
        return await store.Read(db => List(call, db, own));
    }

    private async Task<Answer> List(Call call, IdentityDb db, IReadOnlyList<string> own)
    {
        var user = await UserApi.Visible(db, call);
        var (rows, page) = (Living(db, user, clock.Ms()), call.Page());
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(s => s.Id == m) ?? throw CloudError.Invalid($"The marker {m} names no session of this list.") : null;
        var slice = await rows.Paged([new SortKey(nameof(SessionRow.IssuedAt), Descending: true)], page, mark);
        return Answer.Ok(new JsonObject { ["sessions"] = new JsonArray([.. slice.Rows.Select(s => Wire(s, own.Contains(s.Id)))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }

    private static JsonObject Wire(SessionRow s, bool own) => new()
    {
        ["id"] = s.Id, ["this_one"] = own, ["issued_at"] = Clock.Seconds(s.IssuedAt), ["expires_at"] = Clock.Seconds(s.ExpiresAt), ["methods"] = new JsonArray([.. s.Methods.Split(',').Select(m => (JsonNode)m)]),
        ["scope"] = s.Scope, ["scope_id"] = s.TargetId, ["from"] = s.Remote, ["agent"] = s.Agent,
    };

    /// <summary>Signing out: the first token and everything that was made from it.</summary>
    private async Task<Answer> EndOwn(Call call)
    {
        var ticket = (await reader.Of(call)).Ticket;
        var first = ticket.AuditIds[^1];
        await store.Write(call.Actor, async (tx, db) =>
        {
            var until = await db.Sessions.Where(s => s.Id == first).Select(s => (long?)s.ExpiresAt).SingleOrDefaultAsync() ?? ticket.ExpiresAt;
            if (!await db.Revocations.AnyAsync(r => r.AuditId == first)) db.Add(new RevocationRow { AuditId = first, ExpiresAt = until });
            tx.Audit(call.Verb, "user", ticket.UserId, null, new { session = first });
        });
        return Answer.NoContent;
    }

    private async Task<Answer> End(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var (user, id) = (await UserApi.Visible(db, call), call["session_id"]);
            if (call.Actor.UserId != user.Id)
            {
                Reach.MustManage(call.Actor, user.DomainId);
                await ManagerRules.MustNotOutrank(db, call.Actor, user.Id);
            }
            var row = await Living(db, user, tx.Now).SingleOrDefaultAsync(s => s.Id == id) ?? throw CloudError.NotFound($"There is no session {id} of this user.");
            db.Add(new RevocationRow { AuditId = row.Id, ExpiresAt = row.ExpiresAt });
            tx.Audit(call.Verb, "user", user.Id, null, new { session = row.Id, row.Remote });
        });
        return Answer.NoContent;
    }
}
