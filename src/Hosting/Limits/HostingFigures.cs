using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Hosting.Limits;

/// <summary>Sites on the cloud, by project.</summary>
internal sealed class HostingFigures : IFigures
{
    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var sites = await q.Db<HostingDb>().Sites.GroupBy(s => s.ProjectId).Select(g => new { Project = g.Key, Count = g.Count() }).ToListAsync();
        return [new("sites", sites.Sum(s => s.Count), "sites", "/sites?f.all=1") { Shares = sites.ToDictionary(s => s.Project, s => (double)s.Count) }];
    }
}
