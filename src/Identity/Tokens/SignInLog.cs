using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Who came in and who was refused, in the audit log. What was typed as a password never gets here.</summary>
internal sealed class SignInLog(Database database)
{
    public Task Entered(Call call, Session session) => database.Write(session.Actor with { RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) }, tx =>
    {
        tx.Audit("token.create", "token", session.Ticket.AuditId, session.Project?.Id, new { session.Ticket.Methods, session.Ticket.Scope });
        return Task.CompletedTask;
    });

    /// <param name="who">Name or id as it was given; it need not exist.</param>
    /// <param name="domain">The user's domain, whose people may read of it; null when there is no such user.</param>
    public async Task Refused(Call call, string who, string method, string? domain = null)
    {
        var nobody = new Actor { UserId = "", UserName = who, UserDomainId = domain ?? "", RequestId = call.RequestId, RemoteAddress = Remote(call), UserAgent = Agent(call) };
        await database.Write(nobody, tx =>
        {
            tx.Audit("token.refused", "user", who, null, new { method }, "failure");
            return Task.CompletedTask;
        });
        call.Audited();
    }

    private static string Remote(Call call) => call.Http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static string Agent(Call call) => call.Http.Request.Headers.UserAgent.ToString();
}
