using System.Linq.Expressions;
using Xiangyun.Identity.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Records;

/// <summary>Which records somebody may read, and what a copy for them is called.</summary>
internal sealed record Sight(string Name, Expression<Func<AuditRow, bool>>? Only)
{
    public static readonly Sight All = new("all", null);

    /// <summary>What can be read is what has its place in the chain: at most a second after it was written.</summary>
    public IQueryable<AuditRow> Of(IQueryable<AuditRow> rows) => Only is null ? rows.Where(a => a.Seq != null) : rows.Where(a => a.Seq != null).Where(Only);

    public Func<AuditRow, bool> Test() => Only?.Compile() ?? (_ => true);
}

/// <summary>
/// The cloud's auditor sees all, with a token of the system. A token of a domain sees what was done in that bureau's name and what
/// anybody did to its things; a token of a project the same for the project and everything below it.
/// </summary>
internal sealed class Sights(IBranches branches)
{
    public async Task<Sight> Of(Query q, Actor actor)
    {
        if (actor.SystemScope) return Sight.All; // the rule lets only auditors in with such a token
        if (actor.DomainId is { } domain) return new Sight($"domain:{domain}", a => a.DomainId == domain || a.ResourceDomainId == domain);
        if (actor.ProjectId is not { } project) return new Sight("nothing", a => false);
        var below = (await branches.Below(q, project)).ToList();
        return new Sight($"project:{project}", a => a.ProjectId != null && below.Contains(a.ProjectId) || a.ResourceProjectId != null && below.Contains(a.ResourceProjectId));
    }
}
