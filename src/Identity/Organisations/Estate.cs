using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Projects;
using Xiangyun.Identity.Public;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Identity.Organisations;

/// <summary>Everything that a node of the tree and those below it own, told by each service of its own things.</summary>
internal sealed class Estate(IEnumerable<IBelongings> all, IBranches branches)
{
    public async Task<IReadOnlyList<string>> Projects(Query q, ProjectRow node) => node.IsDomain
        ? await q.Db<IdentityDb>().Projects.Where(p => p.DomainId == node.Id && !p.IsDomain).Select(p => p.Id).ToListAsync() : await branches.Below(q, node.Id);

    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        var found = new List<Belongings>();
        foreach (var one in all) found.AddRange(await one.Of(q, owner));
        return [.. found.OrderBy(b => b.Kind, StringComparer.Ordinal)];
    }

    /// <summary>With the projects below it, and the users of a domain, before what those own.</summary>
    public async Task<IReadOnlyList<Belongings>> Of(Query q, ProjectRow node)
    {
        var (db, projects) = (q.Db<IdentityDb>(), await Projects(q, node));
        var below = projects.Where(p => p != node.Id).ToList();
        List<Belongings> found = [await Heap.Of("project", db.Projects.Where(p => below.Contains(p.Id)).OrderBy(p => p.Id).Select(p => new Thing(p.Id, p.Name, p.ParentId)))];
        if (node.IsDomain) found.Add(await Heap.Of("user", db.Users.Where(u => u.DomainId == node.Id).OrderBy(u => u.Id).Select(u => new Thing(u.Id, u.Name, null))));
        return [.. found, .. await Of(q, new Owner(null, projects))];
    }
}
