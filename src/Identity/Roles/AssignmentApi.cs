using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

/// <summary>Grants: who holds which role on a project, a domain or the system; inherited ones below /OS-INHERIT.</summary>
internal sealed class AssignmentApi(IdentityStore store) : IApi
{
    public Service Service => Keystone.Service;

    private sealed record Grant(string ActorKind, string TargetKind, bool Inherited);

    public void Map(Routes r)
    {
        foreach (var actor in new[] { "user", "group" })
        {
            foreach (var target in new[] { "project", "domain" })
            {
                Map(r, $"/{target}s/{{target_id}}/{actor}s/{{actor_id}}/roles", "", new Grant(actor, target, false));
                Map(r, $"/OS-INHERIT/{target}s/{{target_id}}/{actor}s/{{actor_id}}/roles", "/inherited_to_projects", new Grant(actor, target, true));
            }
            Map(r, $"/system/{actor}s/{{actor_id}}/roles", "", new Grant(actor, "system", false));
        }
        r.Get("/role_assignments", "identity:list_role_assignments", List);
    }

    private void Map(Routes r, string path, string end, Grant grant)
    {
        r.Get(path + end, "identity:list_grants", call => Held(call, grant));
        r.Put(path + "/{role_id}" + end, "identity:grant", "role.grant", call => Give(call, grant));
        r.Head(path + "/{role_id}" + end, "identity:list_grants", call => Check(call, grant));
        r.Get(path + "/{role_id}" + end, "identity:list_grants", call => Check(call, grant));
        r.Delete(path + "/{role_id}" + end, "identity:grant", "role.revoke", call => Take(call, grant));
    }

    private static string Target(Call call, Grant grant) => grant.TargetKind == "system" ? "all" : call["target_id"];

    private static IQueryable<AssignmentRow> Rows(IdentityDb db, Call call, Grant grant)
    {
        var (actorId, targetId) = (call["actor_id"], Target(call, grant));
        var (actorKind, targetKind, inherited) = (grant.ActorKind, grant.TargetKind, grant.Inherited);
        return db.Assignments.Where(a => a.ActorKind == actorKind && a.ActorId == actorId && a.TargetKind == targetKind && a.TargetId == targetId && a.Inherited == inherited);
    }

    /// <summary>The domains that both sides of a grant belong to; the system belongs to none.</summary>
    private sealed record Sides(string ActorDomain, string? TargetDomain);

    /// <summary>Everything that a grant names must exist.</summary>
    private static async Task<Sides> Named(IdentityDb db, Call call, Grant grant)
    {
        var actorDomain = grant.ActorKind == "user" ? (await IdentityStore.User(db, call["actor_id"])).DomainId : (await IdentityStore.Group(db, call["actor_id"])).DomainId;
        return new Sides(actorDomain, grant.TargetKind switch
        {
            "project" => (await IdentityStore.Project(db, call["target_id"])).DomainId,
            "domain" => (await IdentityStore.Domain(db, call["target_id"])).Id,
            _ => null,
        });
    }

    /// <summary>A manager acts in its own domain only, on both sides, and gives nothing that it does not hold itself.</summary>
    private static async Task MustHold(IdentityDb db, Call call, Grant grant, Sides sides, RoleRow role)
    {
        var actor = call.Actor;
        if (role.DomainId.Length == 0 && Families.Named.Contains(role.Name))
        {
            Separation.MustHandOut(actor, role, grant.ActorKind, grant.TargetKind, sides.TargetDomain, sides.ActorDomain, grant.Inherited);
            return;
        }
        if (actor.IsAdmin) return;
        Reach.MustManage(actor, sides.TargetDomain ?? "");
        Reach.MustManage(actor, sides.ActorDomain);
        var meant = await Effective.Implied(db, [role.Id]);
        if (!ManagerRules.MayHandOut(actor, meant.Select(r => r.Name))) throw CloudError.Forbidden($"You cannot grant or revoke the role {role.Name}, because you do not hold it yourself.");
    }

    private Task<Answer> Held(Call call, Grant grant) => store.Read(async db =>
    {
        var (_, domainId) = await Named(db, call, grant);
        if (!Reach.Reads(call.Actor, domainId ?? "")) throw CloudError.Forbidden("You are not authorized to perform the requested action: identity:list_grants.");
        var ids = Rows(db, call, grant).Select(a => a.RoleId);
        var roles = await db.Roles.Where(r => ids.Contains(r.Id)).OrderBy(r => r.Id).ToListAsync();
        return Pages.Whole(call, "roles", [.. roles.Select(r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name, ["links"] = Keystone.Self(call, "/roles/" + r.Id) })]);
    });

    private async Task<Answer> Give(Call call, Grant grant)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var sides = await Named(db, call, grant);
            var role = await IdentityStore.Role(db, call["role_id"]);
            await MustHold(db, call, grant, sides, role);
            await Separation.Together(tx, await Separation.Matters(db, [role.Id]));
            if (!await Rows(db, call, grant).AnyAsync(a => a.RoleId == role.Id))
                db.Add(new AssignmentRow { ActorKind = grant.ActorKind, ActorId = call["actor_id"], TargetKind = grant.TargetKind, TargetId = Target(call, grant), RoleId = role.Id, Inherited = grant.Inherited });
            await tx.Save();
            await Separation.Check(db, grant.ActorKind == "user" ? [call["actor_id"]] : await Separation.Members(db, call["actor_id"]));
            Audit(tx, call, grant, role);
        });
        return Answer.NoContent;
    }

    private async Task<Answer> Take(Call call, Grant grant)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var sides = await Named(db, call, grant);
            var role = await IdentityStore.Role(db, call["role_id"]);
            await MustHold(db, call, grant, sides, role);
            await Separation.Together(tx, await Separation.Matters(db, [role.Id]));
            await Separation.MustNotBeLast(db, role, grant.TargetKind, call["actor_id"]);
            if (await Rows(db, call, grant).Where(a => a.RoleId == role.Id).ExecuteDeleteAsync() == 0) throw Keystone.Missing("role assignment", role.Id);
            Audit(tx, call, grant, role);
        });
        return Answer.NoContent;
    }

    private static void Audit(Store.Tx tx, Call call, Grant grant, RoleRow role) => tx.Audit(call.Verb, grant.TargetKind, Target(call, grant),
        grant.TargetKind == "project" ? Target(call, grant) : null, new { role = role.Name, actor_kind = grant.ActorKind, actor_id = call["actor_id"], grant.Inherited });

    private Task<Answer> Check(Call call, Grant grant) => store.Read(async db =>
    {
        var (_, domainId) = await Named(db, call, grant);
        var roleId = call["role_id"];
        if (!Reach.Reads(call.Actor, domainId ?? "") || !await Rows(db, call, grant).AnyAsync(a => a.RoleId == roleId)) throw Keystone.Missing("role assignment", roleId);
        return Answer.NoContent;
    });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = await AssignmentList.Read(db, call);
        return Answer.Ok(new JsonObject
        {
            ["role_assignments"] = new JsonArray([.. rows]), ["links"] = new JsonObject { ["self"] = call.Link(call.Http.Request.Path + call.Http.Request.QueryString), ["previous"] = null, ["next"] = null },
        });
    });
}
