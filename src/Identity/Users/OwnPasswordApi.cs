using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Factors;
using Xiangyun.Identity.Tokens;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Users;

/// <summary>Users change their own password. Whoever knows the old one may set a new one, as in Keystone: an expired password can be changed too, so no token is needed there.</summary>
internal sealed class OwnPasswordApi(IdentityStore store, Passwords passwords, PasswordRules rules, Claimants claimants, TimeProvider clock) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r) => r.Post("/users/{id}/password", Rules.Public, "user.password", Change);

    private async Task<Answer> Change(Call call)
    {
        var body = await call.Body("user");
        var (before, after) = (body.Text("original_password", 0, 4096), body.Text("password", 1, 4096));
        var userId = call["id"];
        var user = await store.Read(db => db.Users.SingleOrDefaultAsync(u => u.Id == userId));
        await claimants.MustCount(call, body, user, passwords.Matches(user?.PasswordHash, before), "password");
        rules.MustHaveForm(after);
        rules.MustBeFree(user!, after, clock.Ms());
        var hash = passwords.Hash(after);
        await store.Write(As(call, user!), async (tx, db) =>
        {
            await Put(db, user!, rules.Earlier(user!), hash, false, tx.Now);
            tx.Audit(call.Verb, "user", user!.Id);
        });
        return Answer.NoContent;
    }

    private static Actor As(Call call, UserRow user) => call.HasActor ? call.Actor
        : new Actor { UserId = user.Id, UserName = user.Name, UserDomainId = user.DomainId, RequestId = call.RequestId, RemoteAddress = call.Http.Connection.RemoteIpAddress?.ToString() ?? "" };

    public static Task Put(IdentityDb db, UserRow user, string earlier, string hash, bool mustChange, long now) => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s
        .SetProperty(u => u.PasswordHash, hash).SetProperty(u => u.PasswordChangedAt, now).SetProperty(u => u.EarlierPasswords, earlier)
        .SetProperty(u => u.MustChange, mustChange).SetProperty(u => u.WrongTries, 0).SetProperty(u => u.WrongKnown, 0));
}
