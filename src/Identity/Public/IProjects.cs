using Xiangyun.Store;

namespace Xiangyun.Identity.Public;

public sealed record ProjectView(string Id, string Name, string DomainId, bool Enabled);

/// <summary>Projects as other modules need them: whether one exists, and what people call it.</summary>
public interface IProjects
{
    /// <returns>null when there is no such project.</returns>
    Task<ProjectView?> Find(Query q, string id);

    /// <summary>Those of the ids that exist, by id.</summary>
    Task<IReadOnlyDictionary<string, ProjectView>> Find(Query q, IReadOnlyCollection<string> ids);
}
