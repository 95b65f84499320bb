using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Identity.Roles;

/// <summary>
/// Which roles somebody really holds on a target: own and group assignments, inherited ones from above, and implied roles.
/// A role of a domain only stands for the roles that it implies. It never counts itself: its name is free to choose, and
/// one called admin must not make an administrator.
/// </summary>
internal static class Effective
{
    public static async Task<List<RoleRow>> Roles(IdentityDb db, string userId, string targetKind, string targetId) => await Roles(db, await Held(db, userId), targetKind, targetId);

    /// <param name="held">What <see cref="Held"/> gave for the user.</param>
    public static async Task<List<RoleRow>> Roles(IdentityDb db, List<AssignmentRow> held, string targetKind, string targetId)
    {
        return await Implied(db, await Granted(db, held, targetKind, targetId));
    }

    /// <summary>Ids of the roles that count at a place because they were granted there, or are inherited from above.</summary>
    public static async Task<HashSet<string>> Granted(IdentityDb db, List<AssignmentRow> held, string targetKind, string targetId)
    {
        if (held.Count == 0) return [];
        var above = targetKind == "project" ? await Ancestors(db, targetId) : [];
        return held.Where(a => !a.Inherited && a.TargetKind == targetKind && a.TargetId == targetId
            || a.Inherited && above.Contains((a.TargetKind, a.TargetId))).Select(a => a.RoleId).ToHashSet();
    }

    /// <summary>The rules of those of the roles that a bureau made itself.</summary>
    public static async Task<HashSet<string>> Rules(IdentityDb db, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0 || !await db.Roles.AnyAsync(r => r.Rules != null)) return [];
        var all = Closure.Of(ids, await Implications(db));
        return [.. (await db.Roles.Where(r => r.Rules != null && all.Contains(r.Id)).Select(r => r.Rules!).ToListAsync()).SelectMany(Keystone.Texts)];
    }

    /// <summary>The assignments of a user and of its groups.</summary>
    public static async Task<List<AssignmentRow>> Held(IdentityDb db, string userId)
    {
        var groups = db.Memberships.Where(m => m.UserId == userId).Select(m => m.GroupId);
        return await db.Assignments.Where(a => a.ActorKind == "user" && a.ActorId == userId || a.ActorKind == "group" && groups.Contains(a.ActorId)).ToListAsync();
    }

    /// <summary>The roles and everything they imply, over any number of steps; only roles of the whole cloud.</summary>
    public static async Task<List<RoleRow>> Implied(IdentityDb db, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0) return [];
        var all = Closure.Of(ids, await Implications(db));
        return await db.Roles.Where(r => r.DomainId == "" && all.Contains(r.Id)).OrderBy(r => r.Name).ToListAsync();
    }

    public static async Task<ILookup<string, string>> Implications(IdentityDb db) => (await db.Implications.ToListAsync()).ToLookup(i => i.PriorId, i => i.ImpliedId);

    /// <summary>Projects that the user holds a role on.</summary>
    public static async Task<IQueryable<ProjectRow>> Projects(IdentityDb db, string userId)
    {
        var held = await Held(db, userId);
        var domains = held.Where(a => a is { Inherited: true, TargetKind: "domain" }).Select(a => a.TargetId).ToList();
        var ids = held.Where(a => a is { Inherited: false, TargetKind: "project" }).Select(a => a.TargetId).ToHashSet();
        var above = held.Where(a => a is { Inherited: true, TargetKind: "project" }).Select(a => a.TargetId).ToHashSet();
        if (above.Count > 0)
        {
            var children = (await db.Projects.Where(p => p.ParentId != null).Select(p => new { p.Id, p.ParentId }).ToListAsync()).ToLookup(p => p.ParentId!, p => p.Id);
            ids.UnionWith(Closure.Of(above.SelectMany(id => children[id]), children));
        }
        var list = ids.ToList();
        return db.Projects.Where(p => !p.IsDomain && (list.Contains(p.Id) || domains.Contains(p.DomainId)));
    }

    /// <summary>Domains that the user holds a role on.</summary>
    public static async Task<IQueryable<ProjectRow>> Domains(IdentityDb db, string userId)
    {
        var ids = (await Held(db, userId)).Where(a => a is { Inherited: false, TargetKind: "domain" }).Select(a => a.TargetId).ToList();
        return db.Projects.Where(p => p.IsDomain && ids.Contains(p.Id));
    }

    /// <summary>What lies above a project: its parents, and the domain.</summary>
    public static async Task<HashSet<(string Kind, string Id)>> Ancestors(IdentityDb db, string projectId)
    {
        var above = new HashSet<(string, string)>();
        var id = projectId;
        while (await db.Projects.SingleOrDefaultAsync(p => p.Id == id) is { } row)
        {
            above.Add(("domain", row.DomainId));
            if (row.ParentId is null || !above.Add(("project", row.ParentId))) break;
            id = row.ParentId;
        }
        return above;
    }
}
