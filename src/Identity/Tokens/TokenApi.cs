using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Catalog;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

internal sealed class TokenApi(SignIn signIn, TicketSeal seal, TokenReader reader, IdentityStore store, CatalogView catalog, Database database) : IApi
{
    private const string Subject = "X-Subject-Token";

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Post("/auth/tokens", Rules.Public, "token.create", Create);
        r.Get("/auth/tokens", "token", Show);
        r.Head("/auth/tokens", "token", async call => (await Show(call)) with { Body = null });
        r.Delete("/auth/tokens", "token", "token.revoke", Revoke);
        r.Get("/auth/catalog", "token", call => Task.FromResult(Answer.Ok(new JsonObject { ["catalog"] = catalog.Of(call.Actor.ProjectId), ["links"] = Keystone.Self(call, "/auth/catalog") })));
        r.Get("/auth/projects", "token", Projects);
        r.Get("/auth/domains", "token", Domains);
        r.Get("/auth/system", "token", System);
    }

    private async Task<Answer> Create(Call call)
    {
        var auth = (await call.Body()).Object("auth");
        Ticket ticket;
        try
        {
            ticket = await signIn.Enter(auth);
        }
        catch (CloudError e) when (e.Kind == ErrorKind.Unauthorized)
        {
            await Refused(call);
            throw;
        }
        var session = (await store.Read(db => TokenReader.Read(db, ticket)))!;
        return new Answer(201, TokenWire.Of(session, catalog, call.QueryOr("nocatalog") is null)).With(Subject, seal.Seal(ticket)).With("Vary", "X-Auth-Token");
    }

    private Task Refused(Call call) => database.Write(Actor.System with { RequestId = call.RequestId, RemoteAddress = call.Http.Connection.RemoteIpAddress?.ToString() ?? "" }, tx =>
    {
        tx.Audit("token.refused", "token", "");
        return Task.CompletedTask;
    });

    private async Task<Session> SubjectOf(Call call)
    {
        var text = call.Http.Request.Headers[Subject].FirstOrDefault() ?? throw CloudError.Invalid($"The header {Subject} is missing.");
        var session = await reader.Open(text) ?? throw Keystone.Missing("token", "it is unknown, expired or revoked");
        var own = session.Ticket.UserId == call.Actor.UserId;
        if (!own && !call.Actor.IsAdmin && !call.Actor.Roles.Contains("service")) throw CloudError.Forbidden("You are not authorized to perform the requested action: identity:validate_token.");
        return session;
    }

    private async Task<Answer> Show(Call call)
    {
        var session = await SubjectOf(call);
        return Answer.Ok(TokenWire.Of(session, catalog, call.QueryOr("nocatalog") is null)).With(Subject, call.Http.Request.Headers[Subject]!).With("Vary", "X-Auth-Token");
    }

    private async Task<Answer> Revoke(Call call)
    {
        var session = await SubjectOf(call);
        await store.Write(call.Actor, (tx, db) =>
        {
            db.Add(new RevocationRow { AuditId = session.Ticket.AuditId, ExpiresAt = session.Ticket.ExpiresAt });
            tx.Audit(call.Verb, "token", session.Ticket.AuditId);
            return db.Revocations.Where(r => r.ExpiresAt < tx.Now).ExecuteDeleteAsync();
        });
        return Answer.NoContent;
    }

    private Task<Answer> Projects(Call call) => store.Read(async db =>
    {
        var found = new List<ProjectRow>();
        foreach (var project in await db.Projects.Where(p => !p.IsDomain && p.Enabled).OrderBy(p => p.Id).ToListAsync())
            if ((await Effective.Roles(db, call.Actor.UserId, "project", project.Id)).Count > 0) found.Add(project);
        return Keystone.List(call, "projects", new Slice<ProjectRow>(found, false), p => Identity.Projects.ProjectWire.Of(p, call), p => p.Id);
    });

    private Task<Answer> Domains(Call call) => store.Read(async db =>
    {
        var found = new List<ProjectRow>();
        foreach (var domain in await db.Projects.Where(p => p.IsDomain && p.Enabled).OrderBy(p => p.Id).ToListAsync())
            if ((await Effective.Roles(db, call.Actor.UserId, "domain", domain.Id)).Count > 0) found.Add(domain);
        return Keystone.List(call, "domains", new Slice<ProjectRow>(found, false), p => Identity.Projects.ProjectWire.Domain(p, call), p => p.Id);
    });

    private Task<Answer> System(Call call) => store.Read(async db => Answer.Ok(new JsonObject
    {
        ["system"] = (await Effective.Roles(db, call.Actor.UserId, "system", "all")).Count > 0 ? new JsonArray(new JsonObject { ["all"] = true }) : new JsonArray(),
        ["links"] = Keystone.Self(call, "/auth/system"),
    }));
}
