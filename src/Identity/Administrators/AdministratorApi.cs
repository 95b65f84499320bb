using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Roles;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Administrators;

/// <summary>/xiangyun/v1/administrators: who is which of the three, and where; and the lifting of locks.</summary>
internal sealed class AdministratorApi(IdentityStore store) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/administrators", "administrators:read", List);
        r.Post("/users/{id}/unlock", "administrators:unlock", "user.unlock", Unlock);
    }

    /// <summary>One entry for each person, role and place; a person who has it through a group is named with the group.</summary>
    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var implications = await Effective.Implications(db);
        var names = await db.Roles.Where(r => r.DomainId == "").ToDictionaryAsync(r => r.Id, r => r.Name);
        var family = await db.Roles.Select(r => r.Id).ToListAsync();
        var meant = family.Select(id => (Id: id, Families: Closure.Of([id], implications).Where(names.ContainsKey).Select(i => Families.Of(names[i])).OfType<Family>().Distinct().ToList()))
            .Where(f => f.Families.Count > 0).ToDictionary(f => f.Id, f => f.Families[0]);
        var roles = meant.Keys.ToList();
        var only = call.Actor.SystemScope ? null : call.Actor.DomainId;
        var rows = await db.Assignments.Where(a => roles.Contains(a.RoleId) && (only == null || a.TargetId == only || db.Projects.Any(p => p.Id == a.TargetId && p.DomainId == only))).ToListAsync();
        var groups = rows.Where(a => a.ActorKind == "group").Select(a => a.ActorId).Distinct().ToList();
        var members = (await db.Memberships.Where(m => groups.Contains(m.GroupId)).ToListAsync()).ToLookup(m => m.GroupId, m => m.UserId);
        var found = rows.SelectMany(a => (a.ActorKind == "user" ? [a.ActorId] : members[a.ActorId]).Select(user => (Row: a, User: user))).ToList();
        var ids = found.Select(f => f.User).Distinct().ToList();
        var users = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id);
        var all = await db.Roles.ToDictionaryAsync(r => r.Id, r => r.Name);
        return Answer.Ok(new JsonObject
        {
            ["administrators"] = new JsonArray([.. found.Where(f => users.ContainsKey(f.User)).OrderBy(f => meant[f.Row.RoleId]).ThenBy(f => users[f.User].Name, StringComparer.Ordinal).Select(f => new JsonObject
            {
                ["family"] = meant[f.Row.RoleId].ToString().ToLowerInvariant(), ["role"] = all[f.Row.RoleId], ["user_id"] = f.User, ["user_name"] = users[f.User].Name, ["domain_id"] = users[f.User].DomainId,
                ["enabled"] = users[f.User].Enabled, ["at"] = f.Row.TargetKind, ["at_id"] = f.Row.TargetKind == "system" ? null : f.Row.TargetId, ["through_group"] = f.Row.ActorKind == "group" ? f.Row.ActorId : null,
                ["inherited"] = f.Row.Inherited,
            })]),
        });
    });

    /// <summary>Wrong tries are forgotten; the password stays what it is.</summary>
    private async Task<Answer> Unlock(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var user = await IdentityStore.User(db, call["id"]);
            if (!call.Actor.SystemScope && call.Actor.DomainId != user.DomainId) throw Keystone.Missing("user", user.Id);
            await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.WrongTries, 0).SetProperty(u => u.WrongKnown, 0));
            tx.Audit(call.Verb, "user", user.Id, null, new { user.Name });
        });
        return Answer.NoContent;
    }
}
