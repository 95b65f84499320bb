using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Roles;

/// <summary>
/// What a domain's manager may not do although it happens in its own domain: gain, or hand out, power that it does not hold.
/// Setting the password of an administrator, or joining the group that holds admin, would be the same as being one.
/// </summary>
internal static class ManagerRules
{
    /// <summary>One thing that a user or group holds.</summary>
    /// <param name="TargetDomain">The domain that the target lies in; null is the whole system.</param>
    internal sealed record Power(string Role, string? TargetDomain);

    /// <summary>Power that reaches beyond this manager: the cloud's own roles, or anything outside its domain.</summary>
    public static bool Beyond(Actor manager, IEnumerable<Power> held) =>
        held.Any(p => p.Role is "admin" or "service" || p.TargetDomain is null || p.TargetDomain != manager.DomainId);

    public static bool MayHandOut(Actor actor, IEnumerable<string> roles) => actor.IsAdmin || roles.All(actor.Roles.Contains);

    /// <summary>Before anybody else changes or deletes a user, or sets its password: some accounts are for nobody else, others not for a manager.</summary>
    public static async Task MustNotOutrank(IdentityDb db, Actor actor, string userId)
    {
        await Guarded.MustNotBe(db, userId);
        if (actor.IsAdmin) return;
        if (Beyond(actor, await Powers(db, await Effective.Held(db, userId))))
            throw CloudError.Forbidden("This user holds the role admin or service, or roles outside your domain; only a cloud administrator may change it.");
    }

    /// <summary>Before a manager puts somebody into a group: that is a grant of all that the group holds.</summary>
    public static async Task MustHoldAllOf(IdentityDb db, Actor actor, string groupId)
    {
        if (actor.IsAdmin) return;
        var held = await Powers(db, await db.Assignments.Where(a => a.ActorKind == "group" && a.ActorId == groupId).ToListAsync());
        if (Beyond(actor, held) || !MayHandOut(actor, held.Select(p => p.Role)))
            throw CloudError.Forbidden("This group holds roles that you do not hold yourself; only a cloud administrator may change it.");
    }

    private static async Task<List<Power>> Powers(IdentityDb db, List<AssignmentRow> rows)
    {
        var implications = await Effective.Implications(db);
        var names = await db.Roles.Where(r => r.DomainId == "").ToDictionaryAsync(r => r.Id, r => r.Name);
        var targets = rows.Select(a => a.TargetId).Distinct().ToList();
        var domains = await db.Projects.Where(p => targets.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.DomainId);
        return [.. rows.SelectMany(a => Closure.Of([a.RoleId], implications).Where(names.ContainsKey)
            .Select(role => new Power(names[role], a.TargetKind == "system" ? null : domains.GetValueOrDefault(a.TargetId, ""))))];
    }
}
