using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Identity.Organisations;

/// <summary>The cloud, its domains (bureaus), their projects (departments, business systems) as one tree.</summary>
internal sealed class OrganisationTree : IOrganisations
{
    public async Task<IReadOnlyList<string>> Above(Query q, string id)
    {
        if (id == Quotas.Cloud) return [];
        var db = q.Db<IdentityDb>();
        var above = new List<string>();
        for (var at = id; await db.Projects.Where(p => p.Id == at).Select(p => new { p.ParentId, p.DomainId, p.IsDomain }).SingleOrDefaultAsync() is { IsDomain: false } row; at = above[^1])
            above.Add(row.ParentId ?? row.DomainId);
        return [.. above, Quotas.Cloud];
    }

    public async Task<bool> Leaf(Query q, string projectId) => !await q.Db<IdentityDb>().Projects.AnyAsync(p => p.ParentId == projectId);

    public async Task<IReadOnlyList<OrganisationNode>> All(Query q)
    {
        var rows = await q.Db<IdentityDb>().Projects.Select(p => new { p.Id, p.ParentId, p.DomainId, p.IsDomain, p.Name }).ToListAsync();
        return [new OrganisationNode(Quotas.Cloud, null), .. rows.Select(p => new OrganisationNode(p.Id, p.IsDomain ? Quotas.Cloud : p.ParentId ?? p.DomainId, p.Name))];
    }
}
