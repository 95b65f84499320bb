using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Organisations;
using Xiangyun.Identity.Public;
using Xiangyun.Identity.Roles;
using Xiangyun.Identity.Users;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Rights;

/// <summary>
/// What somebody who leaves still holds, what an organisation that ends still owns, and the end of all its sessions. Nothing is hidden in
/// a service: each tells of its own things.
/// </summary>
internal sealed class BelongingsApi(IdentityStore store, Database database, Estate estate, Power power) : IApi
{
    public Service Service => OrganisationApi.Own;

    public void Map(Routes r)
    {
        r.Get("/users/{id}/belongings", "identity:get_user", OfUser);
        r.Get("/organisations/{id}/belongings", "organisation:read", OfOrganisation);
        r.Post("/users/{id}/sign-out", "identity:get_user", "user.sign_out", SignOut);
    }

    private Task<Answer> OfUser(Call call) => database.Read(async q =>
    {
        var user = await UserApi.Visible(q.Db<IdentityDb>(), call);
        return Answer.Ok(Wire(await estate.Of(q, new Owner(user.Id, null))));
    }, call.Stop);

    /// <summary>The node with everything below it.</summary>
    private Task<Answer> OfOrganisation(Call call) => database.Read(async q =>
    {
        var id = call["id"];
        if (await OrganisationApi.Visible(q, power, call.Actor, id) is not { } row) throw CloudError.Invalid("Ask for a domain or a project: the whole cloud is every organisation.");
        return Answer.Ok(Wire(await estate.Of(q, row)));
    }, call.Stop);

    private static JsonObject Wire(IEnumerable<Belongings> found) => new() { ["belongings"] = new JsonArray([.. found.Select(Wire)]) };

    private static JsonNode Wire(Belongings b) => new JsonObject
    {
        ["kind"] = b.Kind, ["count"] = b.Count, ["first"] = new JsonArray([.. b.First.Select(t => (JsonNode)new JsonObject { ["id"] = t.Id, ["name"] = t.Name, ["project_id"] = t.ProjectId })]),
    };

    /// <summary>Every token that was issued until now dies; the password stays.</summary>
    private async Task<Answer> SignOut(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var user = await UserApi.Visible(db, call);
            if (call.Actor.UserId != user.Id)
            {
                Reach.MustManage(call.Actor, user.DomainId);
                await ManagerRules.MustNotOutrank(db, call.Actor, user.Id);
            }
            await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.SignedOutAt, tx.Now));
            tx.Audit(call.Verb, "user", user.Id, null, new { user.Name });
        });
        return Answer.NoContent;
    }
}
