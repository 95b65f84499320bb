using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Tokens;

/// <summary>What a token stands for at this moment.</summary>
/// <param name="Restricted">It comes from an application credential that may not make or delete others.</param>
internal sealed record Session(Ticket Ticket, UserRow User, ProjectRow UserDomain, ProjectRow? Project, ProjectRow? Domain, IReadOnlyList<RoleRow> Roles, bool Restricted, Actor Actor);

/// <summary>
/// Opens tokens. The answer is remembered until the epoch rises or the token expires, so the usual request costs one hash
/// and one dictionary lookup.
/// </summary>
internal sealed class TokenReader(TicketSeal seal, Database database, Epoch epoch, TimeProvider clock) : ITokens
{
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<string, (long Epoch, Session Session)> _known = new();

    public async Task<Actor?> Authenticate(string token, CancellationToken ct) => (await Open(token))?.Actor;

    public async Task<Session?> Open(string token)
    {
        if (token.Length > 4096) return null;
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var now = await epoch.Now();
        if (_known.TryGetValue(key, out var known) && known.Epoch == now) return known.Session.Ticket.ExpiresAt > clock.Ms() ? known.Session : null;
        if (seal.Open(token) is not { } ticket || ticket.ExpiresAt <= clock.Ms()) return null;
        var session = await database.Read(q => Read(q.Db<IdentityDb>(), ticket));
        if (_known.Count >= Most) _known.Clear();
        if (session is null) _known.TryRemove(key, out _);
        else _known[key] = (now, session);
        return session;
    }

    /// <summary>null when anything that the token rests on is gone, disabled or revoked.</summary>
    public static async Task<Session?> Read(IdentityDb db, Ticket ticket)
    {
        var ids = ticket.AuditIds;
        if (await db.Revocations.AnyAsync(r => ids.Contains(r.AuditId))) return null;
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == ticket.UserId) is not { Enabled: true } user) return null;
        if (user.PasswordChangedAt > ticket.IssuedAt) return null;
        if (await db.Projects.SingleOrDefaultAsync(p => p.Id == user.DomainId) is not { Enabled: true } userDomain) return null;
        ProjectRow? project = null, domain = null;
        if (ticket.Scope == "project")
        {
            project = await db.Projects.SingleOrDefaultAsync(p => p.Id == ticket.Target && !p.IsDomain);
            if (project is not { Enabled: true }) return null;
        }
        if (ticket.Scope is "project" or "domain")
        {
            var id = project?.DomainId ?? ticket.Target;
            domain = await db.Projects.SingleOrDefaultAsync(p => p.Id == id);
            if (domain is not { Enabled: true }) return null;
        }
        List<RoleRow> roles = [];
        var restricted = false;
        if (ticket.Scope != "none")
        {
            roles = await Effective.Roles(db, user.Id, ticket.Scope, ticket.Target!);
            if (ticket.ApplicationCredentialId is { } credentialId)
            {
                if (await db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == credentialId) is not { } credential) return null;
                restricted = !credential.Unrestricted;
                var granted = await Effective.Implied(db, Keystone.Texts(credential.Roles));
                roles = [.. roles.Where(r => granted.Any(g => g.Id == r.Id))];
            }
            if (roles.Count == 0) return null;
        }
        return new Session(ticket, user, userDomain, project, domain, roles, restricted, new Actor
        {
            UserId = user.Id, UserName = user.Name, UserDomainId = user.DomainId,
            ProjectId = project?.Id, ProjectName = project?.Name, ProjectDomainId = project?.DomainId,
            DomainId = ticket.Scope == "domain" ? domain!.Id : null, SystemScope = ticket.Scope == "system",
            Roles = roles.Select(r => r.Name).ToHashSet(), TokenAuditId = ticket.AuditId,
        });
    }
}
