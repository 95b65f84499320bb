using Microsoft.EntityFrameworkCore;

namespace Xiangyun.Identity.Roles;

/// <summary>Which roles somebody really holds on a target: own and group assignments, inherited ones from above, and implied roles.</summary>
internal static class Effective
{
    public static async Task<List<RoleRow>> Roles(IdentityDb db, string userId, string targetKind, string targetId)
    {
        var groups = await db.Memberships.Where(m => m.UserId == userId).Select(m => m.GroupId).ToListAsync();
        var held = await db.Assignments
            .Where(a => a.ActorKind == "user" && a.ActorId == userId || a.ActorKind == "group" && groups.Contains(a.ActorId)).ToListAsync();
        if (held.Count == 0) return [];
        var above = targetKind == "project" ? await Ancestors(db, targetId) : [];
        var ids = held.Where(a => !a.Inherited && a.TargetKind == targetKind && a.TargetId == targetId
            || a.Inherited && above.Contains((a.TargetKind, a.TargetId))).Select(a => a.RoleId).ToHashSet();
        return await Implied(db, ids);
    }

    /// <summary>The roles and everything they imply, over any number of steps.</summary>
    public static async Task<List<RoleRow>> Implied(IdentityDb db, HashSet<string> ids)
    {
        if (ids.Count == 0) return [];
        var implications = await db.Implications.ToListAsync();
        var open = new Queue<string>(ids);
        while (open.TryDequeue(out var id))
            foreach (var next in implications.Where(i => i.PriorId == id)) if (ids.Add(next.ImpliedId)) open.Enqueue(next.ImpliedId);
        return await db.Roles.Where(r => ids.Contains(r.Id)).OrderBy(r => r.Name).ToListAsync();
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
