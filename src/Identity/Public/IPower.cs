using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Identity.Public;

/// <summary>Power over a node of the tree of organisations is power over its subtree, never beside or above.</summary>
public interface IPower
{
    Task<bool> Has(Query q, Actor actor, string role, string id);

    Task<bool> Sees(Query q, Actor actor, string id);

    Task<bool> Manages(Query q, Actor actor, string id);

    /// <summary>Belongs to one of these groups now.</summary>
    Task<bool> IsIn(Query q, Actor actor, IReadOnlyList<string> groups);
}

/// <summary>Somebody in a scope, as it can be kept: no token, no secret.</summary>
/// <param name="Scope">project, domain or system</param>
/// <param name="Roles">What was held when it was written down: later never more than these.</param>
public sealed record Standpoint(string UserId, string UserName, string Scope, string? Target, IReadOnlyList<string> Roles)
{
    public static Standpoint Of(Actor actor) => new(actor.UserId, actor.UserName,
        actor.ProjectId is not null ? "project" : actor.DomainId is not null ? "domain" : "system", actor.ProjectId ?? actor.DomainId, [.. actor.Roles.Order(StringComparer.Ordinal)]);
}

/// <summary>What somebody may do now, without being signed in: for what was asked for earlier and happens later.</summary>
public interface IStandpoints
{
    /// <returns>null when the user, the scope or every role of then is gone.</returns>
    Task<Actor?> Now(Query q, Standpoint standpoint);
}
