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
    public Task Entered(Call call, Session session) => database.Write(session.Actor with { RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) }, async tx =>
    {
        var (db, ticket) = (tx.Db<IdentityDb>(), session.Ticket);
        tx.Audit("token.create", "token", ticket.AuditId, session.Project?.Id, new { ticket.Methods, ticket.Scope, ticket.TrustId });
        if (ticket.AuditIds.Count > 1) return; // made from another token: the same sign-in
        await Came(tx, ticket.UserId, Remote(call));
        await db.Sessions.Where(s => s.UserId == ticket.UserId && s.ExpiresAt < tx.Now).ExecuteDeleteAsync();
        db.Add(new SignInRules.SessionRow
        {
            Id = ticket.AuditId, UserId = ticket.UserId, IssuedAt = ticket.IssuedAt, ExpiresAt = ticket.ExpiresAt, Methods = string.Join(',', ticket.Methods), Scope = ticket.Scope, TargetId = ticket.Target,
            Remote = Remote(call), Agent = Store.Audit.Secrets.Short(Agent(call), 200) ?? "",
        });
    });

    /// <summary>It ends the row of wrong tries before it, which its owner is told of.</summary>
    private static Task Came(Tx tx, string userId, string from) => tx.Db<IdentityDb>().Users.Where(u => u.Id == userId).ExecuteUpdateAsync(s => s
        .SetProperty(u => u.CameBeforeAt, u => u.CameAt).SetProperty(u => u.CameBeforeFrom, u => u.CameFrom).SetProperty(u => u.CameAt, tx.Now).SetProperty(u => u.CameFrom, from)
        .SetProperty(u => u.FailedBefore, u => u.WrongTries + u.WrongKnown).SetProperty(u => u.WrongTries, 0).SetProperty(u => u.WrongKnown, 0));

    /// <param name="who">Name or id as it was given; it need not exist.</param>
    /// <param name="domain">The user's domain, whose people may read of it; null when there is no such user.</param>
    /// <param name="guessed">The user whose password or code was wrong; null = there is none, or it is locked already.</param>
    public async Task Refused(Call call, string who, string method, string? domain = null, UserRow? guessed = null)
    {
        var nobody = new Actor { UserId = "", UserName = who, UserDomainId = domain ?? "", RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) };
        await database.Write(nobody, async tx =>
        {
            tx.Audit("token.refused", "user", who, null, new { method }, "failure");
            if (guessed is not null && tries.Counts(guessed)) await Count(tx, guessed, Remote(call));
        });
        call.Audited();
    }

    /// <summary>Reads again: tries may come in parallel, and each has to count.</summary>
    private async Task Count(Tx tx, UserRow guessed, string from)
    {
        await tx.Lock("identity.tries:" + guessed.Id);
        var users = tx.Db<IdentityDb>().Users;
        if (await users.SingleOrDefaultAsync(u => u.Id == guessed.Id) is not { } now) return;
        var count = tries.Next(now, from, tx.Now);
        if (Tries.Known(now, from)) await users.Where(u => u.Id == now.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.WrongKnown, count).SetProperty(u => u.WrongKnownAt, tx.Now));
        else await users.Where(u => u.Id == now.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.WrongTries, count).SetProperty(u => u.WrongAt, tx.Now));
    }

    public static string Remote(Call call) => call.Http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static string Agent(Call call) => call.Http.Request.Headers.UserAgent.ToString();
}
