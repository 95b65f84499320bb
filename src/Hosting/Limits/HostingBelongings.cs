using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Hosting.Limits;

/// <summary>Sites belong to projects, never to a person.</summary>
internal sealed class HostingBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        if (owner.ProjectIds is not { } projects) return [];
        var sites = q.Db<HostingDb>().Sites.Where(s => projects.Contains(s.ProjectId)).OrderBy(s => s.Id);
        return [await Heap.Of("site", sites.Select(s => new Thing(s.Id, s.Name, s.ProjectId)), new Ending("xiangyun", "DELETE", "/sites/{id}"))];
    }
}
