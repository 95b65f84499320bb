using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Administrators;

/// <summary>
/// /xiangyun/v1/break-glass: a new password for an administrator's account whose owner cannot sign in any more. It takes two
/// persons of two families, neither of them the owner, and then a short time in which it can be done once.
/// </summary>
internal sealed class BreakGlassApi(IdentityStore store, Passwords passwords, PasswordRules rules, TimeProvider clock, ILogger<BreakGlassApi> log) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/break-glass", "administrators:read", List);
        r.Post("/break-glass", "administrators:break_glass", "break_glass.ask", Ask);
        r.Get("/break-glass/{id}", "administrators:read", call => store.Read(async db => Wire(await Get(db, call["id"]))));
        r.Post("/break-glass/{id}/agree", "administrators:break_glass", "break_glass.agree", Agree);
        r.Post("/break-glass/{id}/password", "administrators:break_glass", "break_glass.use", Use);
        r.Post("/break-glass/{id}/close", "administrators:break_glass", "break_glass.close", Close);
    }

    private static async Task<BreakGlassRow> Get(IdentityDb db, string id) =>
        await db.BreakGlass.SingleOrDefaultAsync(b => b.Id == id) ?? throw CloudError.NotFound($"There is no break-glass {id}.");

    /// <summary>The family that the caller acts as; the rule let only administrators of the cloud in.</summary>
    private static Family As(Actor actor) => actor.Roles.Select(Families.Of).OfType<Family>().First();

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var page = call.Page();
        var mark = page.Marker is null ? null : await Get(db, page.Marker);
        var slice = await db.BreakGlass.Paged([new SortKey(nameof(BreakGlassRow.AskedAt), true)], page, mark);
        return Answer.Ok(new JsonObject
        {
            ["break_glass"] = new JsonArray([.. slice.Rows.Select(Body)]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null,
        });
    });

    private async Task<Answer> Ask(Call call)
    {
        var body = await call.Body("break_glass");
        var (userId, reason, minutes) = (body.Text("user_id", 1), body.Text("reason", 10, 2000), body.NumberOr("minutes", 5, 240) ?? 30);
        body.Done();
        return await Told(call, "asked", async (tx, db) =>
        {
            var user = await IdentityStore.User(db, userId);
            if ((await Separation.Of(db, user.Id)).Count == 0) throw CloudError.Invalid($"The user {user.Name} is none of the three administrators: an administrator sets its password as usual.");
            MustBeAnother(call.Actor, user.Id);
            var row = new BreakGlassRow { Id = Id.New(), UserId = user.Id, Reason = reason, Minutes = minutes, AskedBy = call.Actor.UserId, AskedAs = As(call.Actor).ToString(), AskedAt = tx.Now };
            db.Add(row);
            return row;
        });
    }

    private Task<Answer> Agree(Call call) => Told(call, "agreed to", async (tx, db) =>
    {
        await tx.Lock("identity.break_glass");
        var row = await Get(db, call["id"]);
        MustBe(row, "asked", tx.Now);
        MustBeAnother(call.Actor, row.UserId);
        var family = As(call.Actor).ToString();
        if (row.AskedBy == call.Actor.UserId || row.AskedAs == family) throw CloudError.Forbidden("The second person must be another one of another family: two of the three administrators.");
        await db.BreakGlass.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.AgreedBy, call.Actor.UserId).SetProperty(b => b.AgreedAs, family).SetProperty(b => b.AgreedAt, tx.Now));
        return await Get(db, row.Id);
    });

    private async Task<Answer> Use(Call call)
    {
        var body = await call.Body("break_glass");
        var password = body.Text("password", 12, 4096);
        body.Done();
        rules.MustHaveForm(password);
        var hash = passwords.Hash(password);
        return await Told(call, "used", async (tx, db) =>
        {
            await tx.Lock("identity.break_glass");
            var row = await Get(db, call["id"]);
            MustBe(row, "open", tx.Now);
            if (call.Actor.UserId != row.AskedBy && call.Actor.UserId != row.AgreedBy) throw CloudError.Forbidden("Only the two who agreed may use it.");
            var user = await IdentityStore.User(db, row.UserId);
            await OwnPasswordApi.Put(db, user, rules.Earlier(user), hash, mustChange: true, tx.Now);
            await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Enabled, true));
            await db.BreakGlass.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.UsedBy, call.Actor.UserId).SetProperty(b => b.UsedAt, tx.Now));
            return await Get(db, row.Id);
        });
    }

    private Task<Answer> Close(Call call) => Told(call, "closed", async (tx, db) =>
    {
        var row = await Get(db, call["id"]);
        if (row.State(tx.Now) is not ("asked" or "open")) throw CloudError.Conflict($"This break-glass is {row.State(tx.Now)} already.");
        await db.BreakGlass.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.ClosedBy, call.Actor.UserId).SetProperty(b => b.ClosedAt, tx.Now));
        return await Get(db, row.Id);
    });

    private static void MustBe(BreakGlassRow row, string state, long now)
    {
        if (row.State(now) != state) throw CloudError.Conflict($"This break-glass is {row.State(now)}, not {state}.");
    }

    private static void MustBeAnother(Actor actor, string userId)
    {
        if (actor.UserId == userId) throw CloudError.Forbidden("It is your own account: the two persons must be others.");
    }

    /// <summary>Loud: in the audit log with its reason, and as a warning in the server's log.</summary>
    private async Task<Answer> Told(Call call, string what, Func<Tx, IdentityDb, Task<BreakGlassRow>> change)
    {
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var done = await change(tx, db);
            tx.Audit(call.Verb, "break_glass", done.Id, null, new { user = done.UserId, done.Reason, done.Minutes, by = As(call.Actor).ToString() });
            return done;
        });
        log.BreakGlass(row.Id, what, call.Actor.UserName, row.UserId);
        return Wire(row) with { Status = what == "asked" ? 201 : 200 };
    }

    private Answer Wire(BreakGlassRow row) => Answer.Ok(new JsonObject { ["break_glass"] = Body(row) });

    private JsonObject Body(BreakGlassRow row) => new()
    {
        ["id"] = row.Id, ["user_id"] = row.UserId, ["reason"] = row.Reason, ["minutes"] = row.Minutes, ["state"] = row.State(clock.Ms()),
        ["asked_by"] = row.AskedBy, ["asked_as"] = Name(row.AskedAs), ["asked_at"] = Clock.Seconds(row.AskedAt), ["agreed_by"] = row.AgreedBy, ["agreed_as"] = Name(row.AgreedAs), ["agreed_at"] = Clock.Seconds(row.AgreedAt),
        ["open_until"] = Clock.Seconds(row.Until), ["used_by"] = row.UsedBy, ["used_at"] = Clock.Seconds(row.UsedAt), ["closed_by"] = row.ClosedBy, ["closed_at"] = Clock.Seconds(row.ClosedAt),
    };

    private static string? Name(string? family) => family?.ToLowerInvariant();
}
