using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Who came in and who was refused, in the audit log. What was typed as a password never gets here.</summary>
internal sealed class SignInLog(Database database)
{
    public Task Entered(Call call, Session session) => database.Write(session.Actor with { RequestId = call.RequestId, RemoteAddress = Remote(call) }, tx =>
    {
        tx.Audit("token.create", "token", session.Ticket.AuditId, session.Project?.Id, new { session.Ticket.Methods, session.Ticket.Scope });
        return Task.CompletedTask;
    });

    /// <param name="who">Name or id as it was given; it need not exist.</param>
    public Task Refused(Call call, string who, string method) => database.Write(Actor.System with { UserId = "", UserName = who, RequestId = call.RequestId, RemoteAddress = Remote(call) }, tx =>
    {
        tx.Audit("token.refused", "user", who, null, new { method }, "failure");
        return Task.CompletedTask;
    });

    private static string Remote(Call call) => call.Http.Connection.RemoteIpAddress?.ToString() ?? "";
}
