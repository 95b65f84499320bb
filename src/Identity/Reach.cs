using Xiangyun.Kernel;

namespace Xiangyun.Identity;

/// <summary>How far a caller's power goes: the cloud's administrator everywhere, a domain's manager in that domain only.</summary>
internal static class Reach
{
    public static bool Manages(Actor actor, string domainId) =>
        actor.IsAdmin || actor.DomainId == domainId && actor.Roles.Contains("manager");

    public static bool Reads(Actor actor, string domainId) =>
        actor.IsAdmin || actor.DomainId == domainId && actor.Roles.Contains("reader") || actor.SystemScope && actor.Roles.Contains("reader");

    public static void MustManage(Actor actor, string domainId)
    {
        if (!Manages(actor, domainId)) throw CloudError.Forbidden("You are not authorized to perform the requested action: it needs the role admin, or manager in that domain.");
    }

    /// <summary>The domain that a list is limited to; null = all.</summary>
    public static string? Only(Actor actor) => actor.IsAdmin || actor.SystemScope ? null : actor.DomainId ?? actor.UserDomainId;
}
