using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Trusts;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Who somebody proved to be, and by what.</summary>
internal sealed record Proof(string UserId, IReadOnlyList<string> Methods, Ticket? Parent, ApplicationCredentialRow? Credential);

/// <summary>What a ticket is made for.</summary>
internal sealed record Scope(string Kind, string? Target, TrustRow? Trust = null);

/// <summary>Makes the ticket for the scope that was asked for: a project, a domain, the system, none, or the user's default project.</summary>
internal sealed class ScopeChoice(IdentityStore store)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public async Task<Session> Enter(Proof proof, Fields auth, long now) => await Enter(proof, await Wanted(proof, auth, now), now);

    public async Task<Session> Enter(Proof proof, Scope scope, long now)
    {
        // A token made from a token keeps the audit id of the first one, so that revoking that reaches it, and never outlives it.
        List<string> audit = [WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)), .. proof.Parent?.AuditIds.TakeLast(1) ?? []];
        var ends = new[] { now + (long)Lifetime.TotalMilliseconds, proof.Parent?.ExpiresAt ?? long.MaxValue, proof.Credential?.ExpiresAt ?? long.MaxValue, scope.Trust?.ExpiresAt ?? long.MaxValue }.Min();
        var ticket = new Ticket(proof.UserId, scope.Kind, scope.Target, proof.Methods, audit, now, ends, proof.Credential?.Id, scope.Trust?.Id);
        return await store.Read(db => Standing.Read(db, ticket, now))
            ?? throw CloudError.Unauthorized("The user has no access to the scope that was asked for, or it is disabled.");
    }

    public Task<ProjectRow?> Domain(Fields domain)
    {
        var id = domain.TextOr("id");
        var name = domain.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in domain.");
        return store.Read(db => db.Projects.SingleOrDefaultAsync(p => p.IsDomain && (id != null ? p.Id == id : p.Name == name)));
    }

    /// <summary>A token without a scope is asked for in so many words.</summary>
    public static bool IsUnscoped(Fields auth) => auth.Raw("scope") is { ValueKind: JsonValueKind.String } text && text.GetString() == "unscoped";

    private async Task<Scope> Wanted(Proof proof, Fields auth, long now)
    {
        if (proof.Credential is { } credential) return new Scope("project", credential.ProjectId);
        if (IsUnscoped(auth)) return new Scope("none", null);
        if (auth.ObjectOr("scope") is not { } scope) return await Default(proof.UserId);
        if (scope.ObjectOr("system") is { } system) return system.FlagOr("all") == true ? new Scope("system", "all") : throw CloudError.Invalid("Expecting to find \"all\": true in system.");
        if (scope.ObjectOr("domain") is { } domain) return new Scope("domain", (await Domain(domain))?.Id ?? throw SignIn.Wrong());
        if (scope.ObjectOr("project") is { } project) return new Scope("project", await Project(project));
        if (scope.ObjectOr("OS-TRUST:trust") is { } trust) return await OfTrust(proof, trust.Text("id"), now);
        throw CloudError.Invalid("Expecting to find project, domain, system or OS-TRUST:trust in scope.");
    }

    private async Task<string> Project(Fields project)
    {
        if (project.TextOr("id") is { } id) return id;
        var name = project.Text("name");
        var domain = await Domain(project.ObjectOr("domain") ?? throw CloudError.Invalid("Expecting to find domain in project when the project is given by name."));
        return (await store.Read(db => db.Projects.SingleOrDefaultAsync(p => !p.IsDomain && domain != null && p.DomainId == domain.Id && p.Name == name)))?.Id ?? throw SignIn.Wrong();
    }

    private async Task<Scope> OfTrust(Proof proof, string id, long now)
    {
        var trust = await store.Read(db => TrustRules.Valid(db, id, now));
        if (trust?.TrusteeId != proof.UserId) throw CloudError.Forbidden("There is no such trust for you, or it has expired, or its uses are spent.");
        return trust.ProjectId is { } project ? new Scope("project", project, trust) : throw CloudError.Forbidden("This trust hands on no roles of a project.");
    }

    private Task<Scope> Default(string userId) => store.Read(async db =>
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == userId) ?? throw SignIn.Wrong();
        if (user.DefaultProjectId is not { } id || !await db.Projects.AnyAsync(p => p.Id == id && p.Enabled && !p.IsDomain)) return new Scope("none", null);
        return (await Effective.Roles(db, userId, "project", id)).Count > 0 ? new Scope("project", id) : new Scope("none", null);
    });
}
