using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Catalog;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

internal sealed class TokenApi(SignIn signIn, TokenSender sender, TokenReader reader, TokenWire wire, IdentityStore store, CatalogView catalog) : IApi
{
    private const string Subject = TokenSender.Subject;

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Post("/auth/tokens", Rules.Public, "token.create", Create);
        r.Get("/auth/tokens", "token", Show);
        r.Head("/auth/tokens", "token", async call => (await Show(call)) with { Body = null });
        r.Delete("/auth/tokens", "token", "token.revoke", Revoke);
        r.Get("/auth/catalog", "token", async call => Answer.Ok(new JsonObject { ["catalog"] = await catalog.Of(call.Actor.ProjectId), ["links"] = Keystone.Self(call, "/auth/catalog") }));
        r.Get("/auth/projects", "token", Projects);
        r.Get("/auth/domains", "token", Domains);
        r.Get("/auth/system", "token", System);
    }

    private async Task<Answer> Create(Call call)
    {
        var auth = (await call.Body()).Object("auth");
        var entry = await signIn.Enter(call, auth);
        return entry.Session is { } session ? await sender.Send(call, session, 201) : entry.Question!;
    }

    private async Task<Session> SubjectOf(Call call)
    {
        var text = call.Http.Request.Headers[Subject].FirstOrDefault() ?? throw CloudError.Invalid($"The header {Subject} is missing.");
        var session = await reader.Open(text) ?? throw Keystone.Missing("token", "it is unknown, expired or revoked");
        var own = session.User.Id == call.Actor.UserId || session.Ticket.UserId == call.Actor.UserId;
        if (!own && !call.Actor.IsAdmin && !call.Actor.Roles.Contains("service")) throw CloudError.Forbidden("You are not authorized to perform the requested action: identity:validate_token.");
        return session;
    }

    private async Task<Answer> Show(Call call)
    {
        var session = await SubjectOf(call);
        return Answer.Ok(wire.Of(session, await sender.Offered(call, session))).With(Subject, call.Http.Request.Headers[Subject]!).With("Vary", "X-Auth-Token");
    }

    private async Task<Answer> Revoke(Call call)
    {
        var session = await SubjectOf(call);
        await store.Write(call.Actor, async (tx, db) =>
        {
            if (!await db.Revocations.AnyAsync(r => r.AuditId == session.Ticket.AuditId)) db.Add(new RevocationRow { AuditId = session.Ticket.AuditId, ExpiresAt = session.Ticket.ExpiresAt });
            tx.Audit(call.Verb, "token", session.Ticket.AuditId);
            await db.Revocations.Where(r => r.ExpiresAt < tx.Now).ExecuteDeleteAsync();
        });
        return Answer.NoContent;
    }

    private Task<Answer> Projects(Call call) => store.Read(async db =>
        await Pages.Of(call, "projects", (await Effective.Projects(db, call.Actor.UserId)).Where(p => p.Enabled), p => Identity.Projects.ProjectWire.Of(p, call)));

    private Task<Answer> Domains(Call call) => store.Read(async db =>
        await Pages.Of(call, "domains", (await Effective.Domains(db, call.Actor.UserId)).Where(p => p.Enabled), p => Identity.Projects.ProjectWire.Domain(p, call)));

    private Task<Answer> System(Call call) => store.Read(async db => Answer.Ok(new JsonObject
    {
        ["system"] = (await Effective.Roles(db, call.Actor.UserId, "system", "all")).Count > 0 ? new JsonArray(new JsonObject { ["all"] = true }) : new JsonArray(),
        ["links"] = Keystone.Self(call, "/auth/system"),
    }));
}
