using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Identity.Organisations;

/// <summary>How many departments and business systems (projects) a node may have below it; the node itself does not count.</summary>
internal sealed class ProjectUse : IQuotaUse
{
    public const string Projects = "organisation.projects";

    public IReadOnlyDictionary<string, string> Units { get; } = new Dictionary<string, string> { [Projects] = "projects" };

    public Task<long> Used(Query q, string resource, IReadOnlyCollection<string> projects) =>
        q.Db<IdentityDb>().Projects.LongCountAsync(p => !p.IsDomain && projects.Contains(p.ParentId ?? p.DomainId));
}
