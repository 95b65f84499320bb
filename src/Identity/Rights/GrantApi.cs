using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Rights;

/// <summary>
/// POST /xiangyun/v1/grants: a grant that ends by the clock, which Keystone's paths cannot say. It is a grant like any other: they show
/// it, they take it away, and nothing has to run for it to end.
/// </summary>
internal sealed class GrantApi(IdentityStore store) : IApi
{
    private const long Longest = 366L * 24 * 3600 * 1000;

    public Service Service => OrganisationApi.Own;

    public void Map(Routes r) => r.Post("/grants", "identity:grant", "role.grant", Give);

    private async Task<Answer> Give(Call call)
    {
        var body = await call.Body("grant");
        var wish = GrantWish.Read(body);
        var end = body.Text("expires_at", 1);
        body.Done();
        if (!DateTimeOffset.TryParse(end, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var when))
            throw CloudError.Invalid($"Invalid input for field/attribute expires_at. Value: {end}. It must be a time in ISO 8601.");
        var expires = when.ToUnixTimeMilliseconds();
        return Answer.Created(await store.Write(call.Actor, async (tx, db) =>
        {
            if (expires <= tx.Now || expires > tx.Now + Longest) throw CloudError.Invalid($"Invalid input for field/attribute expires_at. Value: {end}. It must lie ahead, at most 366 days.");
            var (grant, role) = await wish.Find(db);
            await Granting.Give(tx, db, call.Actor, grant, role, expires);
            return new JsonObject
            {
                ["grant"] = new JsonObject
                {
                    [$"{grant.ActorKind}_id"] = grant.ActorId, ["role"] = role.Name, ["role_id"] = role.Id, ["at"] = grant.TargetKind, ["at_id"] = grant.TargetKind == "system" ? null : grant.TargetId,
                    ["inherited"] = grant.Inherited, ["expires_at"] = Clock.Seconds(expires),
                },
            };
        }));
    }
}

/// <summary>A grant as our own API names it: <c>user_id</c> or <c>group_id</c>, <c>role</c> (name or id), and <c>project_id</c>, <c>domain_id</c> or <c>system</c>.</summary>
internal sealed record GrantWish(string ActorKind, string ActorId, string Role, string TargetKind, string TargetId, bool Inherited)
{
    public static GrantWish Read(Fields body, string? userId = null)
    {
        var (user, group) = (body.TextOr("user_id", 1) ?? userId, body.TextOr("group_id", 1));
        if (group is not null) user = null;
        if (user is null && group is null) throw CloudError.Invalid("Name user_id or group_id.");
        var (project, domain, system) = (body.TextOr("project_id", 1), body.TextOr("domain_id", 1), body.FlagOr("system") ?? false);
        if (new[] { project is not null, domain is not null, system }.Count(named => named) != 1) throw CloudError.Invalid("Name exactly one of project_id, domain_id and system: true.");
        return new GrantWish(group is null ? "user" : "group", (group ?? user)!, body.Text("role", 1), project is not null ? "project" : domain is not null ? "domain" : "system",
            project ?? domain ?? "all", body.FlagOr("inherited") ?? false);
    }

    public async Task<(Grant, RoleRow)> Find(IdentityDb db) => (new Grant(ActorKind, ActorId, TargetKind, TargetId, Inherited),
        await db.Roles.Where(r => r.Id == Role || r.Name == Role && r.DomainId == "").OrderBy(r => r.Id == Role ? 0 : 1).FirstOrDefaultAsync() ?? throw Keystone.Missing("role", Role));
}
