using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;

namespace Xiangyun.Identity.Projects;

/// <summary>A project's manager rules that project and everything below it; a domain's manager the whole domain.</summary>
internal static class Subtree
{
    /// <param name="below">The node itself does not count: what becomes of it is decided above it.</param>
    public static async Task MustManage(IdentityDb db, Actor actor, string projectId, bool below = false)
    {
        if (actor.IsAdmin) return;
        var above = await Effective.Ancestors(db, projectId);
        if (actor.Roles.Contains("manager"))
        {
            if (actor.DomainId is { } domain && above.Contains(("domain", domain))) return;
            if (actor.ProjectId is { } own && (above.Contains(("project", own)) || !below && own == projectId)) return;
        }
        throw CloudError.Forbidden("You are not authorized to perform the requested action: it needs the role admin, or manager of that project, of one above it or of its domain.");
    }
}
