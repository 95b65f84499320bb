using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>
/// Who came in and who was refused, in the audit log, and the count of wrong tries. What was typed as a password never gets
/// here. The counters say nothing about rights, so the epoch does not rise.
/// </summary>
internal sealed class SignInLog(Database database, Tries tries)
{
    public Task Entered(Call call, Session session) => database.Write(session.Actor with { RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) }, tx =>
    {
        tx.Audit("token.create", "token", session.Ticket.AuditId, session.Project?.Id, new { session.Ticket.Methods, session.Ticket.Scope, session.Ticket.TrustId });
        return Task.CompletedTask;
    });

    /// <param name="who">Name or id as it was given; it need not exist.</param>
    /// <param name="domain">The user's domain, whose people may read of it; null when there is no such user.</param>
    /// <param name="guessed">The user whose password or code was wrong; null = there is none, or it is locked already.</param>
    public async Task Refused(Call call, string who, string method, string? domain = null, UserRow? guessed = null)
    {
        var nobody = new Actor { UserId = "", UserName = who, UserDomainId = domain ?? "", RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) };
        await database.Write(nobody, async tx =>
        {
            tx.Audit("token.refused", "user", who, null, new { method }, "failure");
            if (guessed is not null && tries.Counts(guessed)) await Count(tx, guessed);
        });
        call.Audited();
    }

    /// <summary>Reads again: tries may come in parallel, and each has to count.</summary>
    private async Task Count(Tx tx, UserRow guessed)
    {
        await tx.Lock("identity.tries:" + guessed.Id);
        var users = tx.Db<IdentityDb>().Users;
        if (await users.SingleOrDefaultAsync(u => u.Id == guessed.Id) is not { } now) return;
        var count = tries.Next(now, tx.Now);
        await users.Where(u => u.Id == now.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.WrongTries, count).SetProperty(u => u.WrongAt, tx.Now));
    }

    /// <summary>The right one ends the row of wrong ones.</summary>
    public Task Forget(UserRow user) => user.WrongTries == 0 ? Task.CompletedTask : database.Write(Actor.System, tx =>
        tx.Db<IdentityDb>().Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.WrongTries, 0)));

    private static string Remote(Call call) => call.Http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static string Agent(Call call) => call.Http.Request.Headers.UserAgent.ToString();
}
