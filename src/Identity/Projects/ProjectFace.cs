using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Public;
using Xiangyun.Store;

namespace Xiangyun.Identity.Projects;

internal sealed class ProjectFace : IProjects
{
    public async Task<ProjectView?> Find(Query q, string id) => (await Find(q, [id])).GetValueOrDefault(id);

    public async Task<IReadOnlyDictionary<string, ProjectView>> Find(Query q, IReadOnlyCollection<string> ids)
    {
        var wanted = ids.ToList();
        return await q.Db<IdentityDb>().Projects.Where(p => !p.IsDomain && wanted.Contains(p.Id))
            .Select(p => new ProjectView(p.Id, p.Name, p.DomainId, p.Enabled)).ToDictionaryAsync(p => p.Id);
    }
}
