using Xiangyun.Store;

namespace Xiangyun.Identity.Public;

/// <summary>The tree of organisations as other modules need it: what lies below a node, and where somebody belongs.</summary>
public interface IBranches
{
    /// <summary>The project (or domain) and everything below it.</summary>
    Task<IReadOnlyList<string>> Below(Query q, string projectId);

    /// <summary>Domains of those of the users, groups, projects and domains that exist, by id.</summary>
    Task<IReadOnlyDictionary<string, string>> DomainsOf(Query q, IReadOnlyCollection<string> ids);
}
