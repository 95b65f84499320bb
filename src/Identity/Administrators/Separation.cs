using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Administrators;

/// <summary>
/// Nobody is ever of two families, whichever way a role came: by a grant, through a group, inherited, or implied by another
/// role. It is looked at after the change and before the commit, and the ways that could meet stand in line.
/// </summary>
internal static class Separation
{
    private const string Key = "identity.separation";

    /// <summary>Before a change that gives a role or a membership; before one that changes what roles mean, <see cref="Alone"/>.</summary>
    public static Task Together(Tx tx, bool matters) => matters ? tx.Lock(Key) : tx.LockShared(Key);

    public static Task Alone(Tx tx) => tx.Lock(Key);

    /// <summary>The families that some roles make somebody a member of.</summary>
    public static async Task<bool> Matters(IdentityDb db, IReadOnlyCollection<string> roleIds) => (await Effective.Implied(db, roleIds)).Any(r => Families.Of(r.Name) is not null);

    /// <summary>The change stands written in this transaction; if it made one person two administrators, it ends here.</summary>
    public static async Task Check(IdentityDb db, IEnumerable<string> userIds)
    {
        foreach (var id in userIds.Distinct())
        {
            var families = await Of(db, id);
            if (families.Count < 2) continue;
            var name = await db.Users.Where(u => u.Id == id).Select(u => u.Name).SingleOrDefaultAsync() ?? id;
            throw CloudError.Forbidden($"The user {name} would be {string.Join(" and ", families.Select(Families.Title))} at once: one person may be only one of the three administrators.");
        }
    }

    public static async Task<IReadOnlyList<Family>> Of(IdentityDb db, string userId)
    {
        var roles = await Effective.Implied(db, (await Effective.Held(db, userId)).Select(a => a.RoleId).ToHashSet());
        return [.. roles.Select(r => Families.Of(r.Name)).OfType<Family>().Distinct().Order()];
    }

    public static Task<List<string>> Members(IdentityDb db, string groupId) => db.Memberships.Where(m => m.GroupId == groupId).Select(m => m.UserId).ToListAsync();

    /// <summary>Everybody who holds anything at all: what a role implies may concern any of them.</summary>
    public static async Task<List<string>> Everybody(IdentityDb db)
    {
        var direct = await db.Assignments.Where(a => a.ActorKind == "user").Select(a => a.ActorId).Distinct().ToListAsync();
        var groups = await db.Assignments.Where(a => a.ActorKind == "group").Select(a => a.ActorId).Distinct().ToListAsync();
        return [.. direct.Union(await db.Memberships.Where(m => groups.Contains(m.GroupId)).Select(m => m.UserId).Distinct().ToListAsync())];
    }

    /// <summary>
    /// security_admin and auditor are handed out by the security administrator, to persons, at the cloud or at a bureau. One who
    /// stands at a bureau does it there, for its own people.
    /// </summary>
    public static void MustHandOut(Actor actor, RoleRow role, string actorKind, string targetKind, string? targetDomain, string actorDomain, bool inherited)
    {
        if (actorKind != "user" || inherited || targetKind == "project")
            throw CloudError.Forbidden($"The role {role.Name} is held by a person, at the system or at a domain: not by a group, not at a project, and it is not inherited.");
        var everywhere = actor.SystemScope && actor.Roles.Contains(Families.Security);
        var here = actor.DomainId is { } own && actor.Roles.Contains(Families.Security) && targetKind == "domain" && targetDomain == own && actorDomain == own;
        if (!everywhere && !here && actor != Actor.System) throw CloudError.Forbidden($"Only the security administrator (role {Families.Security}) grants and revokes the role {role.Name}.");
    }

    /// <summary>The cloud keeps at least one of each who can act: the last one is not taken away.</summary>
    public static async Task MustNotBeLast(IdentityDb db, RoleRow role, string targetKind, string actorId)
    {
        if (targetKind != "system" || Families.Of(role.Name) is null) return;
        if (!await db.Assignments.AnyAsync(a => a.ActorKind == "user" && a.TargetKind == "system" && a.RoleId == role.Id && a.ActorId != actorId && db.Users.Any(u => u.Id == a.ActorId && u.Enabled)))
            throw CloudError.Forbidden($"This is the last one who holds {role.Name} at the system; name a successor first.");
    }
}
