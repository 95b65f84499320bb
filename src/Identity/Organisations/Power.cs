using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Identity.Organisations;

/// <summary>
/// The one rule of divided rights: power over a node is power over its subtree, never beside or above. A token stands at
/// one node (the cloud, a domain or a project) and its roles count there and below.
/// </summary>
internal sealed class Power(IOrganisations organisations) : Public.IPower
{
    /// <summary>The node that a token stands at; null = none.</summary>
    private static string? Place(Actor actor) => actor.IsAdmin || actor.SystemScope ? Quotas.Cloud : actor.DomainId ?? actor.ProjectId;

    public async Task<bool> Has(Query q, Actor actor, string role, string id) =>
        actor.Roles.Contains(role) && Place(actor) is { } place && (place == id || (await organisations.Above(q, id)).Contains(place));

    public Task<bool> Sees(Query q, Actor actor, string id) => Has(q, actor, "reader", id);

    public Task<bool> Manages(Query q, Actor actor, string id) => Has(q, actor, "manager", id);

    public Task<bool> IsIn(Query q, Actor actor, IReadOnlyList<string> groups) => q.Db<IdentityDb>().Memberships.AnyAsync(m => m.UserId == actor.UserId && groups.Contains(m.GroupId));

    /// <summary>What a node is given comes from above it: its own administrator cannot give it more.</summary>
    public async Task<bool> Gives(Query q, Actor actor, string id) =>
        (await organisations.Above(q, id)) is [var parent, ..] ? await Manages(q, actor, parent) : actor.IsAdmin;
}
