using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

/// <summary>Grants: who holds which role on a project, a domain or the system; inherited ones below /OS-INHERIT.</summary>
internal sealed class AssignmentApi(IdentityStore store) : IApi
{
    public Service Service => Keystone.Service;

    /// <summary>What a path says of a grant; the ids are in the request.</summary>
    private sealed record Kind(string Actor, string Target, bool Inherited)
    {
        public Grant Of(Call call) => new(Actor, call["actor_id"], Target, Target == "system" ? "all" : call["target_id"], Inherited);
    }

    public void Map(Routes r)
    {
        foreach (var actor in new[] { "user", "group" })
        {
            foreach (var target in new[] { "project", "domain" })
            {
                Map(r, $"/{target}s/{{target_id}}/{actor}s/{{actor_id}}/roles", "", new Kind(actor, target, false));
                Map(r, $"/OS-INHERIT/{target}s/{{target_id}}/{actor}s/{{actor_id}}/roles", "/inherited_to_projects", new Kind(actor, target, true));
            }
            Map(r, $"/system/{actor}s/{{actor_id}}/roles", "", new Kind(actor, "system", false));
        }
        r.Get("/role_assignments", "identity:list_role_assignments", List);
    }

    private void Map(Routes r, string path, string end, Kind kind)
    {
        r.Get(path + end, "identity:list_grants", call => Held(call, kind.Of(call)));
        r.Put(path + "/{role_id}" + end, "identity:grant", "role.grant", call => Give(call, kind.Of(call)));
        r.Head(path + "/{role_id}" + end, "identity:list_grants", call => Check(call, kind.Of(call)));
        r.Get(path + "/{role_id}" + end, "identity:list_grants", call => Check(call, kind.Of(call)));
        r.Delete(path + "/{role_id}" + end, "identity:grant", "role.revoke", call => Take(call, kind.Of(call)));
    }

    private Task<Answer> Held(Call call, Grant grant) => store.Read(async db =>
    {
        var (_, domainId) = await Granting.Named(db, grant);
        if (!Reach.Reads(call.Actor, domainId ?? "")) throw CloudError.Forbidden("You are not authorized to perform the requested action: identity:list_grants.");
        var ids = Granting.Rows(db, grant).Select(a => a.RoleId);
        var roles = await db.Roles.Where(r => ids.Contains(r.Id)).OrderBy(r => r.Id).ToListAsync();
        return Pages.Whole(call, "roles", [.. roles.Select(r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name, ["links"] = Keystone.Self(call, "/roles/" + r.Id) })]);
    });

    private async Task<Answer> Give(Call call, Grant grant)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            await Granting.Named(db, grant);
            await Granting.Give(tx, db, call.Actor, grant, await IdentityStore.Role(db, call["role_id"]), null);
        });
        return Answer.NoContent;
    }

    private async Task<Answer> Take(Call call, Grant grant)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            await Granting.Named(db, grant);
            await Granting.Take(tx, db, call.Actor, grant, await IdentityStore.Role(db, call["role_id"]));
        });
        return Answer.NoContent;
    }

    private Task<Answer> Check(Call call, Grant grant) => store.Read(async db =>
    {
        var (_, domainId) = await Granting.Named(db, grant);
        var roleId = call["role_id"];
        if (!Reach.Reads(call.Actor, domainId ?? "") || !await Granting.Rows(db, grant).AnyAsync(a => a.RoleId == roleId)) throw Keystone.Missing("role assignment", roleId);
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
