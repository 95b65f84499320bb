using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Identity.Projects;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Roles;

/// <summary>Who gets what, where. <c>ActorKind</c> is user or group, <c>TargetKind</c> project, domain or system (whose id is "all").</summary>
internal sealed record Grant(string ActorKind, string ActorId, string TargetKind, string TargetId, bool Inherited);

/// <summary>
/// Gives and takes roles: the one place for Keystone's paths, for grants that end, and for trying out a plan. Power over a node is
/// power over its subtree, and nobody hands out what it does not hold.
/// </summary>
internal static class Granting
{
    /// <summary>The domains that both sides of a grant belong to; the system belongs to none.</summary>
    internal sealed record Sides(string ActorDomain, string? TargetDomain);

    public static IQueryable<AssignmentRow> Rows(IdentityDb db, Grant g) =>
        db.Assignments.Where(a => a.ActorKind == g.ActorKind && a.ActorId == g.ActorId && a.TargetKind == g.TargetKind && a.TargetId == g.TargetId && a.Inherited == g.Inherited);

    /// <summary>Everything that a grant names must exist.</summary>
    public static async Task<Sides> Named(IdentityDb db, Grant g)
    {
        var actorDomain = g.ActorKind == "user" ? (await IdentityStore.User(db, g.ActorId)).DomainId : (await IdentityStore.Group(db, g.ActorId)).DomainId;
        return new Sides(actorDomain, g.TargetKind switch
        {
            "project" => (await IdentityStore.Project(db, g.TargetId)).DomainId,
            "domain" => (await IdentityStore.Domain(db, g.TargetId)).Id,
            _ => null,
        });
    }

    public static async Task Give(Tx tx, IdentityDb db, Actor actor, Grant g, RoleRow role, long? expiresAt)
    {
        await MustHold(db, actor, g, await Named(db, g), role);
        await Separation.Together(tx, await Separation.Matters(db, [role.Id]));
        // A row that has ended is still there, and one that is there may end at another time now.
        if (expiresAt is not null || !await Rows(db, g).AnyAsync(a => a.RoleId == role.Id))
        {
            await Rows(db, g).IgnoreQueryFilters().Where(a => a.RoleId == role.Id).ExecuteDeleteAsync();
            db.Add(new AssignmentRow { ActorKind = g.ActorKind, ActorId = g.ActorId, TargetKind = g.TargetKind, TargetId = g.TargetId, RoleId = role.Id, Inherited = g.Inherited, ExpiresAt = expiresAt });
        }
        await tx.Save();
        await Separation.Check(db, g.ActorKind == "user" ? [g.ActorId] : await Separation.Members(db, g.ActorId));
        Audit(tx, "role.grant", g, role, expiresAt);
    }

    public static async Task Take(Tx tx, IdentityDb db, Actor actor, Grant g, RoleRow role)
    {
        await MustHold(db, actor, g, await Named(db, g), role);
        await Separation.Together(tx, await Separation.Matters(db, [role.Id]));
        await Separation.MustNotBeLast(db, role, g.TargetKind, g.ActorId);
        if (await Rows(db, g).Where(a => a.RoleId == role.Id).ExecuteDeleteAsync() == 0) throw Keystone.Missing("role assignment", role.Id);
        Audit(tx, "role.revoke", g, role, null);
    }

    /// <summary>A manager acts at its node and below it, for people of its domain, and gives nothing that it does not hold itself.</summary>
    private static async Task MustHold(IdentityDb db, Actor actor, Grant g, Sides sides, RoleRow role)
    {
        if (role.DomainId.Length == 0 && Families.Named.Contains(role.Name))
        {
            Separation.MustHandOut(actor, role, g.ActorKind, g.TargetKind, sides.TargetDomain, sides.ActorDomain, g.Inherited);
            return;
        }
        if (role.DomainId.Length > 0 && role.DomainId != sides.TargetDomain) throw CloudError.Forbidden($"The role {role.Name} is one of another domain: it can be granted there only.");
        if (actor.IsAdmin) return;
        if (g.TargetKind == "project" && actor.ProjectId is not null && sides.ActorDomain == actor.ProjectDomainId) await Subtree.MustManage(db, actor, g.TargetId);
        else
        {
            Reach.MustManage(actor, sides.TargetDomain ?? "");
            Reach.MustManage(actor, sides.ActorDomain);
        }
        var meant = await Effective.Implied(db, [role.Id]);
        if (!ManagerRules.MayHandOut(actor, meant.Select(r => r.Name))) throw CloudError.Forbidden($"You cannot grant or revoke the role {role.Name}, because you do not hold it yourself.");
    }

    private static void Audit(Tx tx, string verb, Grant g, RoleRow role, long? expiresAt) => tx.Audit(verb, g.TargetKind, g.TargetId,
        g.TargetKind == "project" ? g.TargetId : null, new { role = role.Name, actor_kind = g.ActorKind, actor_id = g.ActorId, g.Inherited, expires_at = Clock.Seconds(expiresAt) });
}
