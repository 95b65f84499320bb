using System.Text.Json.Nodes;
using Xiangyun.Identity.Catalog;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Issues the token of a session: its text in the header, what it says in the body.</summary>
internal sealed class TokenSender(SignInLog log, TicketSeal seal, TokenWire wire, CatalogView catalog)
{
    public const string Subject = "X-Subject-Token";

    public async Task<Answer> Send(Call call, Session session, int status)
    {
        await log.Entered(call, session);
        return new Answer(status, wire.Of(session, await Offered(call, session))).With(Subject, seal.Seal(session.Ticket)).With("Vary", "X-Auth-Token");
    }

    /// <summary>The catalogue for this token's answer; null when it is not wanted or the token is unscoped.</summary>
    public async Task<JsonArray?> Offered(Call call, Session session) =>
        session.Ticket.Scope == "none" || call.QueryOr("nocatalog") is not null ? null : await catalog.Of(session.Project?.Id);
}
