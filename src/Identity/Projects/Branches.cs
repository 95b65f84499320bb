using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Store;

namespace Xiangyun.Identity.Projects;

internal sealed class Branches : IBranches
{
    public async Task<IReadOnlyList<string>> Below(Query q, string projectId)
    {
        var db = q.Db<IdentityDb>();
        if (await db.Projects.AnyAsync(p => p.Id == projectId && p.IsDomain)) return [projectId, .. await db.Projects.Where(p => !p.IsDomain && p.DomainId == projectId).Select(p => p.Id).ToListAsync()];
        var domain = await db.Projects.Where(p => p.Id == projectId).Select(p => p.DomainId).SingleOrDefaultAsync();
        var nodes = await db.Projects.Where(p => !p.IsDomain && p.DomainId == domain).Select(p => new ProjectTree.Node(p.Id, p.ParentId, p.Enabled)).ToListAsync();
        return [projectId, .. new ProjectTree(nodes).Below(projectId).Select(n => n.Id)];
    }

    public async Task<IReadOnlyDictionary<string, string>> DomainsOf(Query q, IReadOnlyCollection<string> ids)
    {
        var wanted = ids.ToList();
        var db = q.Db<IdentityDb>();
        var found = await db.Users.Where(u => wanted.Contains(u.Id)).Select(u => new { u.Id, u.DomainId }).ToListAsync();
        found.AddRange(await db.Projects.Where(p => wanted.Contains(p.Id)).Select(p => new { p.Id, p.DomainId }).ToListAsync());
        found.AddRange(await db.Groups.Where(g => wanted.Contains(g.Id)).Select(g => new { g.Id, g.DomainId }).ToListAsync());
        return found.DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.DomainId);
    }
}
