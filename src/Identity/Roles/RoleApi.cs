using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Administrators;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Roles;

internal sealed class RoleApi(IdentityStore store) : IApi
{
    private static readonly string[] Known = ["name", "domain_id", "description", "options", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/roles", "identity:list_roles", List);
        r.Post("/roles", "identity:create_role", "role.create", Create);
        r.Get("/roles/{id}", "identity:get_role", call => store.Read(async db => Answer.Ok(new JsonObject { ["role"] = Wire(await IdentityStore.Role(db, call["id"]), call) })));
        r.Patch("/roles/{id}", "identity:update_role", "role.update", Update);
        r.Delete("/roles/{id}", "identity:delete_role", "role.delete", Delete);
        r.Get("/roles/{id}/implies", "identity:list_roles", Implied);
        r.Put("/roles/{id}/implies/{implied_id}", "identity:update_role", "role.imply", Imply);
        r.Delete("/roles/{id}/implies/{implied_id}", "identity:update_role", "role.unimply", Unimply);
        r.Head("/roles/{id}/implies/{implied_id}", "identity:get_role", async call => { await OneImplication(call); return Answer.NoContent; });
        r.Get("/roles/{id}/implies/{implied_id}", "identity:get_role", OneImplication);
        r.Get("/role_inferences", "identity:list_roles", Inferences);
        r.Head("/roles/{id}", "identity:get_role", call => store.Read(async db => { await IdentityStore.Role(db, call["id"]); return new Answer(200); }));
    }

    private static JsonObject Wire(RoleRow r, Call call)
    {
        var body = new JsonObject
        {
            ["id"] = r.Id, ["name"] = r.Name, ["domain_id"] = r.DomainId.Length == 0 ? null : r.DomainId, ["description"] = r.Description.Length == 0 ? null : r.Description,
            ["options"] = new JsonObject(), ["links"] = Keystone.Self(call, "/roles/" + r.Id),
        };
        Keystone.AddExtras(body, r.Extra);
        return body;
    }

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var domain = call.QueryOr("domain_id") ?? "";
        if (domain.Length > 0 && !Reach.Reads(call.Actor, domain) && call.Actor.UserDomainId != domain) domain = "-";
        return await Pages.Of(call, "roles", db.Roles.Where(r => r.DomainId == domain).Named(call), r => Wire(r, call));
    });

    private static void MustMake(Actor actor, string domainId)
    {
        if (actor.IsAdmin || domainId.Length > 0 && Reach.Manages(actor, domainId)) return;
        throw CloudError.Forbidden(domainId.Length == 0 ? "Roles of the whole cloud are made by its administrator; name your domain in domain_id." : "You are not authorized to perform the requested action: it needs the role admin, or manager in that domain.");
    }

    /// <summary>The role, when the caller may change it: the cloud's are its administrator's, a bureau's are its manager's.</summary>
    internal static async Task<RoleRow> Own(IdentityDb db, Call call)
    {
        var row = await IdentityStore.Role(db, call["id"]);
        if (row.DomainId.Length > 0 && !Reach.Manages(call.Actor, row.DomainId)) throw Keystone.Missing("role", row.Id);
        MustMake(call.Actor, row.DomainId);
        return row;
    }

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("role");
        var name = Keystone.Name(body);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var domainId = body.TextOr("domain_id") ?? "";
            MustMake(call.Actor, domainId);
            if (domainId.Length > 0) await IdentityStore.Domain(db, domainId);
            if (await db.Roles.AnyAsync(r => r.DomainId == domainId && r.Name == name)) throw Keystone.Duplicate("role", name);
            var made = new RoleRow { Id = Id.New(), Name = name, DomainId = domainId, Description = body.TextOr("description", 0, 65_535) ?? "", Extra = Keystone.Extras(body, null, Known) };
            db.Add(made);
            tx.Audit(call.Verb, "role", made.Id, null, new { name });
            return made;
        });
        return Answer.Created(new JsonObject { ["role"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("role");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Own(db, call);
            var (name, description, extra) = (body.TextOr("name", 1) ?? before.Name, body.TextOr("description", 0, 65_535) ?? before.Description, Keystone.Extras(body, before.Extra, Known));
            if (name != before.Name && Families.Fixed(before)) throw CloudError.Forbidden($"The role {before.Name} cannot be renamed: the rights of this cloud rest on it.");
            if (name != before.Name && await db.Roles.AnyAsync(r => r.DomainId == before.DomainId && r.Name == name)) throw Keystone.Duplicate("role", name);
            await db.Roles.Where(r => r.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Name, name).SetProperty(r => r.Description, description).SetProperty(r => r.Extra, extra));
            tx.Audit(call.Verb, "role", before.Id, null, new { name });
            return await IdentityStore.Role(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["role"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Own(db, call);
            if (Families.Fixed(row)) throw CloudError.Forbidden($"The role {row.Name} cannot be deleted: the rights of this cloud rest on it.");
            await Projects.Removal.Role(db, row.Id);
            tx.Audit(call.Verb, "role", row.Id, null, new { row.Name });
        });
        return Answer.NoContent;
    }

    private static JsonObject Short(RoleRow r, Call call) => new() { ["id"] = r.Id, ["name"] = r.Name, ["links"] = Keystone.Self(call, "/roles/" + r.Id) };

    private Task<Answer> Implied(Call call) => store.Read(async db => Answer.Ok(new JsonObject
    {
        ["role_inference"] = await Inference(db, await IdentityStore.Role(db, call["id"]), call), ["links"] = Keystone.Self(call, $"/roles/{call["id"]}/implies"),
    }));

    private static async Task<JsonObject> Inference(IdentityDb db, RoleRow prior, Call call)
    {
        var ids = db.Implications.Where(i => i.PriorId == prior.Id).Select(i => i.ImpliedId);
        return new JsonObject { ["prior_role"] = Short(prior, call), ["implies"] = new JsonArray([.. (await db.Roles.Where(r => ids.Contains(r.Id)).ToListAsync()).Select(r => Short(r, call))]) };
    }

    private Task<Answer> Inferences(Call call) => store.Read(async db =>
    {
        var list = new JsonArray();
        foreach (var id in await db.Implications.Select(i => i.PriorId).Distinct().ToListAsync()) list.Add(await Inference(db, await IdentityStore.Role(db, id), call));
        return Answer.Ok(new JsonObject { ["role_inferences"] = list, ["links"] = Keystone.Self(call, "/role_inferences") });
    });

    private Task<Answer> OneImplication(Call call) => store.Read(async db =>
    {
        var (prior, implied) = (await IdentityStore.Role(db, call["id"]), await IdentityStore.Role(db, call["implied_id"]));
        if (!await db.Implications.AnyAsync(i => i.PriorId == prior.Id && i.ImpliedId == implied.Id)) throw Keystone.Missing("role implication", implied.Id);
        return Answer.Ok(new JsonObject { ["role_inference"] = new JsonObject { ["prior_role"] = Short(prior, call), ["implies"] = Short(implied, call) }, ["links"] = Keystone.Self(call, $"/roles/{prior.Id}/implies/{implied.Id}") });
    });

    private async Task<Answer> Imply(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var (prior, implied) = (await Own(db, call), await IdentityStore.Role(db, call["implied_id"]));
            if (!call.Actor.IsAdmin && (implied.DomainId.Length > 0 && implied.DomainId != prior.DomainId || !ManagerRules.MayHandOut(call.Actor, (await Effective.Implied(db, [implied.Id])).Select(r => r.Name))))
                throw CloudError.Forbidden($"You cannot put the role {implied.Name} into another one, because you do not hold it yourself.");
            if (prior.DomainId.Length == 0 && implied.DomainId.Length > 0) throw CloudError.Forbidden("A role of the whole cloud cannot imply a role of one domain.");
            if (implied.Name == "admin" || Families.Fixed(implied)) throw CloudError.Forbidden($"The role {implied.Name} cannot be implied by another role.");
            if (Families.Fixed(prior) && prior.Name != "admin") throw CloudError.Forbidden($"What the role {prior.Name} means is fixed: it implies reader and nothing else.");
            await Separation.Alone(tx);
            if (!await db.Implications.AnyAsync(i => i.PriorId == prior.Id && i.ImpliedId == implied.Id)) db.Add(new ImplicationRow { PriorId = prior.Id, ImpliedId = implied.Id });
            await tx.Save();
            await Separation.Check(db, await Separation.Everybody(db));
            tx.Audit(call.Verb, "role", prior.Id, null, new { implied = implied.Name });
        });
        return await OneImplication(call) with { Status = 201 };
    }

    private async Task<Answer> Unimply(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var (prior, implied) = ((await Own(db, call)).Id, call["implied_id"]);
            if (await db.Implications.Where(i => i.PriorId == prior && i.ImpliedId == implied).ExecuteDeleteAsync() == 0) throw Keystone.Missing("role implication", implied);
            tx.Audit(call.Verb, "role", prior, null, new { implied });
        });
        return Answer.NoContent;
    }
}
