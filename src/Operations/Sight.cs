using Xiangyun.Kernel;
using Xiangyun.Operations.Alarms;
using Xiangyun.Identity.Public;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Operations;

/// <summary>
/// Whose alarms and tasks somebody sees: whoever runs or watches the whole cloud all of them, a token of a domain that bureau's, a token of a
/// project its own, and its manager's those below too. What is nobody's is the cloud's, for its operators only.
/// </summary>
internal sealed class Sight(QuotaTree tree, IBranches branches)
{
    /// <returns>null = everything.</returns>
    public async Task<IReadOnlyList<string>?> Nodes(Query q, Actor actor)
    {
        if (actor.IsAdmin || actor.SystemScope) return null;
        if (actor.DomainId is { } domain) return [.. (await tree.Read(q, "")).Below(domain)];
        if (actor.ProjectId is not { } project) return [];
        return actor.Roles.Contains("manager") ? await branches.Below(q, project) : [project];
    }

    public async Task<IQueryable<AlarmRow>> Alarms(Query q, Actor actor)
    {
        var raised = q.Db<OperationsDb>().Alarms.Where(a => a.RaisedAt != null);
        return await Nodes(q, actor) is { } nodes ? raised.Where(a => a.ProjectId != null && nodes.Contains(a.ProjectId) || a.ProjectId == null && a.DomainId != null && nodes.Contains(a.DomainId)) : raised;
    }
}
