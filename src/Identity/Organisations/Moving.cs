using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// A node and everything below it hangs under another one. Rights follow the tree by themselves; what was granted there to people
/// of the bureau that it leaves ends, unless both sides want otherwise. What the nodes have and use must fit into the quota there.
/// </summary>
internal static class Moving
{
    public static async Task Move(Tx tx, QuotaTree tree, ProjectRow node, ProjectRow parent, bool keepGrants, string verb)
    {
        var db = tx.Db<IdentityDb>();
        if (node.IsDomain) throw CloudError.Invalid($"{node.Name} is a bureau (domain): it stands directly below the cloud and cannot be moved.");
        if (parent.Id == (node.ParentId ?? node.DomainId)) throw CloudError.Conflict($"{node.Name} is below {parent.Name} already.");
        await tx.Lock(QuotaTree.Divided);
        var nodes = await db.Projects.Where(p => !p.IsDomain && (p.DomainId == node.DomainId || p.DomainId == parent.DomainId)).Select(p => new ProjectTree.Node(p.Id, p.ParentId, p.Enabled)).ToListAsync();
        var projects = new ProjectTree(nodes);
        var moved = projects.Below(node.Id).Select(n => n.Id).Prepend(node.Id).ToList();
        MustFit(projects, node, parent, moved);
        if (node.DomainId != parent.DomainId) await Cross(db, node.DomainId, parent.DomainId, moved, keepGrants);
        var above = parent.IsDomain ? null : parent.Id;
        await db.Projects.Where(p => p.Id == node.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.ParentId, above));
        await tree.MustHold(tx, node.Id);
        tx.Audit(verb, "project", node.Id, node.Id, new { node.Name, from = node.ParentId ?? node.DomainId, to = parent.Id, moved = moved.Count, keep_grants = keepGrants });
    }

    private static void MustFit(ProjectTree projects, ProjectRow node, ProjectRow parent, List<string> moved)
    {
        if (moved.Contains(parent.Id)) throw CloudError.Invalid($"{parent.Name} lies below {node.Name}: a node cannot be moved below itself.");
        if (!parent.Enabled) throw CloudError.Invalid($"{parent.Name} is disabled. Enable it first.");
        if (parent.IsDomain) return;
        projects.MustTakeChild(parent.Id);
        var height = moved.Max(id => projects.Above(id).Count) - projects.Above(node.Id).Count + 1;
        if (projects.Above(parent.Id).Count + 1 + height > ProjectTree.Deepest) throw CloudError.Forbidden($"The projects of a domain may be nested {ProjectTree.Deepest} deep at most; {node.Name} is {height} deep.");
    }

    private static async Task Cross(IdentityDb db, string from, string to, List<string> moved, bool keepGrants)
    {
        var names = await db.Projects.Where(p => moved.Contains(p.Id)).Select(p => p.Name).ToListAsync();
        if (await db.Projects.Where(p => !p.IsDomain && p.DomainId == to && names.Contains(p.Name)).Select(p => p.Name).FirstOrDefaultAsync() is { } taken)
            throw CloudError.Conflict($"There is a project '{taken}' in the domain {to} already; rename one of them first.");
        await db.Projects.Where(p => moved.Contains(p.Id)).ExecuteUpdateAsync(s => s.SetProperty(p => p.DomainId, to));
        var grants = db.Assignments.IgnoreQueryFilters().Where(a => a.TargetKind == "project" && moved.Contains(a.TargetId));
        // Roles of the bureau that it leaves mean nothing in the other one.
        await grants.Where(a => db.Roles.Any(r => r.Id == a.RoleId && r.DomainId == from)).ExecuteDeleteAsync();
        if (!keepGrants)
            await grants.Where(a => a.ActorKind == "user" ? db.Users.Any(u => u.Id == a.ActorId && u.DomainId == from) : db.Groups.Any(g => g.Id == a.ActorId && g.DomainId == from)).ExecuteDeleteAsync();
    }
}
