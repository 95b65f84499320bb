using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>Checks who somebody is (password, token, application credential) and makes the ticket for the scope that was asked for.</summary>
internal sealed class SignIn(IdentityStore store, Passwords passwords, TokenReader reader, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private sealed record Proof(string UserId, List<string> Methods, Ticket? Parent, ApplicationCredentialRow? Credential);

    public async Task<Ticket> Enter(Fields auth)
    {
        var identity = auth.Object("identity");
        var methods = identity.TextsOr("methods") ?? throw CloudError.Invalid("Expecting to find methods in identity.");
        Proof? proof = null;
        foreach (var method in methods)
            proof = method switch
            {
                "password" => await ByPassword(identity.Object("password").Object("user")),
                "token" => await ByToken(identity.Object("token").Text("id", 1, 4096)),
                "application_credential" => await ByCredential(identity.Object("application_credential")),
                _ => throw CloudError.Unauthorized($"The method '{method}' is not offered; use password, token or application_credential."),
            };
        if (proof is null) throw CloudError.Unauthorized("Authentication methods are missing.");
        return await Scoped(proof, auth);
    }

    private static CloudError Wrong() => CloudError.Unauthorized("The request you have made requires authentication.");

    private async Task<Proof> ByPassword(Fields who)
    {
        var user = await FindUser(who);
        var right = passwords.Matches(user?.PasswordHash, who.Text("password", 0, 4096));
        if (!right || user is not { Enabled: true }) throw Wrong();
        return new Proof(user.Id, ["password"], null, null);
    }

    private async Task<Proof> ByToken(string token)
    {
        var session = await reader.Open(token) ?? throw Wrong();
        if (session.Ticket.ApplicationCredentialId is not null) throw CloudError.Forbidden("A token of an application credential cannot be exchanged for another one.");
        return new Proof(session.User.Id, [.. session.Ticket.Methods.Append("token").Distinct()], session.Ticket, null);
    }

    private async Task<Proof> ByCredential(Fields given)
    {
        var id = given.TextOr("id");
        var name = given.TextOr("name");
        var owner = given.ObjectOr("user") is { } who ? await FindUser(who) : null;
        var row = await store.Read(db => id is not null
            ? db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == id)
            : db.ApplicationCredentials.SingleOrDefaultAsync(c => owner != null && c.UserId == owner.Id && c.Name == name));
        if (!passwords.Matches(row?.SecretHash, given.Text("secret", 1, 4096)) || row!.ExpiresAt <= clock.Ms()) throw Wrong();
        return new Proof(row.UserId, ["application_credential"], null, row);
    }

    private async Task<UserRow?> FindUser(Fields who)
    {
        var id = who.TextOr("id");
        var name = who.TextOr("name");
        if (id is null && name is null) throw CloudError.Invalid("Expecting to find either id or name in user.");
        var domain = id is null ? await FindDomain(who.ObjectOr("domain") ?? throw CloudError.Invalid("Expecting to find domain in user when the user is given by name.")) : null;
        return await store.Read(db => id is not null
            ? db.Users.SingleOrDefaultAsync(u => u.Id == id)
            : db.Users.SingleOrDefaultAsync(u => domain != null && u.DomainId == domain.Id && u.Name == name));
    }

    private Task<ProjectRow?> FindDomain(Fields domain)
    {
        var id = domain.TextOr("id");
        var name = domain.TextOr("name");
        return store.Read(db => db.Projects.SingleOrDefaultAsync(p => p.IsDomain && (id != null ? p.Id == id : p.Name == name)));
    }

    private async Task<Ticket> Scoped(Proof proof, Fields auth)
    {
        var (scope, target) = await Wanted(proof, auth);
        var now = clock.Ms();
        // A token made from a token keeps its parent's audit id, so that revoking the chain reaches it, and never outlives it.
        List<string> audit = [NewAuditId(), .. proof.Parent?.AuditIds.TakeLast(1) ?? []];
        var expires = Math.Min(now + (long)Lifetime.TotalMilliseconds, proof.Parent?.ExpiresAt ?? long.MaxValue);
        var ticket = new Ticket(proof.UserId, scope, target, proof.Methods, audit, now, expires, proof.Credential?.Id);
        _ = await store.Read(db => TokenReader.Read(db, ticket)) ?? throw CloudError.Unauthorized("The user has no access to the scope that was asked for, or it is disabled.");
        return ticket;
    }

    private async Task<(string Scope, string? Target)> Wanted(Proof proof, Fields auth)
    {
        if (proof.Credential is { } credential) return ("project", credential.ProjectId);
        if (auth.Raw("scope") is { ValueKind: System.Text.Json.JsonValueKind.String } text && text.GetString() == "unscoped") return ("none", null);
        if (auth.ObjectOr("scope") is not { } scope) return await Default(proof.UserId);
        if (scope.ObjectOr("system") is not null) return ("system", "all");
        if (scope.ObjectOr("domain") is { } domain) return ("domain", (await FindDomain(domain))?.Id ?? throw Wrong());
        if (scope.ObjectOr("project") is { } project) return ("project", await FindProject(project));
        throw CloudError.Invalid("Expecting to find project, domain or system in scope.");
    }

    private async Task<string> FindProject(Fields project)
    {
        if (project.TextOr("id") is { } id) return id;
        var name = project.Text("name");
        var domain = await FindDomain(project.ObjectOr("domain") ?? throw CloudError.Invalid("Expecting to find domain in project when the project is given by name."));
        return (await store.Read(db => db.Projects.SingleOrDefaultAsync(p => !p.IsDomain && domain != null && p.DomainId == domain.Id && p.Name == name)))?.Id ?? throw Wrong();
    }

    private Task<(string, string?)> Default(string userId) => store.Read(async db =>
    {
        var user = await IdentityStore.User(db, userId);
        if (user.DefaultProjectId is not { } id || await db.Projects.SingleOrDefaultAsync(p => p.Id == id) is not { Enabled: true }) return ("none", (string?)null);
        return (await Effective.Roles(db, userId, "project", id)).Count > 0 ? ("project", id) : ("none", null);
    });

    private static string NewAuditId() => Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
}
