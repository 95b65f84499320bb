using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Administrators;

/// <summary>
/// Accounts of security administrators and auditors. Whoever could set their password, switch them off or read their secrets
/// would be one of them, so nobody can: only the owner itself, and two of the three administrators by break-glass.
/// </summary>
internal static class Guarded
{
    private static IQueryable<string> Roles(IdentityDb db) => db.Roles.Where(r => r.DomainId == "" && (r.Name == Families.Security || r.Name == Families.Auditor)).Select(r => r.Id);

    /// <summary>The users whose accounts are guarded; these roles are held by name, never through a group.</summary>
    public static IQueryable<string> Users(IdentityDb db) => db.Assignments.Where(a => a.ActorKind == "user" && Roles(db).Contains(a.RoleId)).Select(a => a.ActorId);

    public static Task<bool> Is(IdentityDb db, string userId) => Users(db).AnyAsync(id => id == userId);

    public static async Task MustNotBe(IdentityDb db, string userId)
    {
        if (await Is(db, userId))
            throw CloudError.Forbidden("This account belongs to a security administrator or an auditor. Only its owner can change it; two of the three administrators together can give it a new password (break-glass), and a security administrator can take the role away first.");
    }

    /// <summary>Switching off a domain switches off its users.</summary>
    public static async Task MustNotLiveIn(IdentityDb db, string domainId)
    {
        var cloud = db.Assignments.Where(a => a.ActorKind == "user" && a.TargetKind == "system" && Roles(db).Contains(a.RoleId)).Select(a => a.ActorId);
        if (await db.Users.AnyAsync(u => u.DomainId == domainId && cloud.Contains(u.Id)))
            throw CloudError.Forbidden("A security administrator or auditor of the cloud has its account in this domain: it cannot be disabled or deleted.");
    }
}
