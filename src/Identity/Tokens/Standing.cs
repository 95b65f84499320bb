using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Trusts;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Tokens;

/// <summary>Reads what a ticket stands for now. Everything is looked at each time: what was taken away since it was issued counts.</summary>
internal static class Standing
{
    /// <summary>What a delegation leaves of the user's own roles, and what else comes with it.</summary>
    private sealed record Power(List<RoleRow> Roles, bool Restricted = false, List<AccessRuleRow>? Rules = null)
    {
        /// <summary>When the first of the grants it rests on ends; never = the largest number.</summary>
        public long Until { get; init; } = long.MaxValue;
        /// <summary>What the bureau's own roles add; a delegation hands none of it on.</summary>
        public IReadOnlySet<string>? Given { get; init; }
    }

    /// <summary>null when anything that the token rests on is gone, disabled or revoked.</summary>
    public static async Task<Session?> Read(IdentityDb db, Ticket ticket, long now)
    {
        var ids = ticket.AuditIds;
        if (await db.Revocations.AnyAsync(r => ids.Contains(r.AuditId))) return null;
        if (await Living(db, ticket.UserId, ticket) is not { } user) return null;
        var trust = ticket.TrustId is { } trustId ? await TrustRules.Valid(db, trustId, now) : null;
        if (ticket.TrustId is not null && trust?.TrusteeId != user.Id) return null;
        if (trust is not null)
        {
            if (await Living(db, trust.TrustorId, ticket) is not { } trustor) return null;
            if (trust.Impersonation) user = trustor;
        }
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
        if (await Held(db, ticket, user, trust) is not { } power || ticket.Scope != "none" && power.Roles.Count == 0 && power.Given is not { Count: > 0 }) return null;
        return new Session(ticket, user, userDomain, project, domain, power.Roles, power.Restricted, new Actor
        {
            UserId = user.Id, UserName = user.Name, UserDomainId = user.DomainId,
            ProjectId = project?.Id, ProjectName = project?.Name, ProjectDomainId = project?.DomainId,
            DomainId = ticket.Scope == "domain" ? domain!.Id : null, SystemScope = ticket.Scope == "system",
            Roles = power.Roles.Select(r => r.Name).ToHashSet(), Rules = power.Given, TokenAuditId = ticket.AuditId, SignedInUserId = user.Id == ticket.UserId ? null : ticket.UserId,
            Only = power.Rules?.Select(r => new AccessRule(r.Service, r.Method, r.Path)).ToList(),
        }) { Trust = trust, AccessRules = power.Rules, Until = power.Until };
    }

    /// <summary>The user, if it may sign in and has not changed its password since the ticket was issued.</summary>
    private static async Task<UserRow?> Living(IdentityDb db, string id, Ticket ticket) =>
        await db.Users.SingleOrDefaultAsync(u => u.Id == id) is { Enabled: true } user && !(user.PasswordChangedAt > ticket.IssuedAt) && !(user.SignedOutAt >= ticket.IssuedAt)
        && await db.Projects.AnyAsync(p => p.Id == user.DomainId && p.Enabled) ? user : null;

    private static async Task<Power?> Held(IdentityDb db, Ticket ticket, UserRow user, TrustRow? trust)
    {
        if (ticket.Scope == "none") return trust is null ? new Power([]) : null;
        var held = await Effective.Held(db, trust?.TrustorId ?? user.Id);
        var granted = await Effective.Granted(db, held, ticket.Scope, ticket.Target!);
        var roles = await Effective.Implied(db, granted);
        var until = held.Min(a => a.ExpiresAt) ?? long.MaxValue;
        if (trust is not null)
        {
            // A trust is void when its trustor has lost one of the roles that it hands on.
            var handed = Keystone.Texts(trust.Roles);
            if (trust.ProjectId != ticket.Target || !handed.All(id => roles.Exists(r => r.Id == id))) return null;
            return new Power(await Only(db, roles, handed)) { Until = until };
        }
        if (ticket.ApplicationCredentialId is not { } id) return new Power(roles) { Until = until, Given = await Effective.Rules(db, granted) is { Count: > 0 } rules ? rules : null };
        if (await db.ApplicationCredentials.SingleOrDefaultAsync(c => c.Id == id) is not { } credential) return null;
        var ruleIds = credential.AccessRules is { } text ? Keystone.Texts(text) : null;
        var allowed = ruleIds is null ? null : await db.AccessRules.Where(r => ruleIds.Contains(r.Id)).ToListAsync();
        return new Power(await Only(db, roles, Keystone.Texts(credential.Roles)), !credential.Unrestricted, allowed) { Until = until };
    }

    private static async Task<List<RoleRow>> Only(IdentityDb db, List<RoleRow> held, List<string> handed)
    {
        var meant = await Effective.Implied(db, handed);
        return [.. held.Where(r => meant.Exists(m => m.Id == r.Id))];
    }
}
