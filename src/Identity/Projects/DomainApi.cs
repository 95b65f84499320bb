using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

internal sealed class DomainApi(IdentityStore store, Organisations.Estate estate) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/domains", "identity:list_domains", List);
        r.Post("/domains", "identity:create_domain", "domain.create", Create);
        r.Get("/domains/{id}", "identity:get_domain", Show);
        r.Patch("/domains/{id}", "identity:update_domain", "domain.update", Update);
        r.Delete("/domains/{id}", "identity:delete_domain", "domain.delete", Delete);
    }

    private Task<Answer> Show(Call call) => store.Read(async db =>
    {
        var row = await IdentityStore.Domain(db, call["id"]);
        if (!Reach.Reads(call.Actor, row.Id) && call.Actor.UserDomainId != row.Id) throw Keystone.Missing("domain", row.Id);
        return Answer.Ok(new JsonObject { ["domain"] = ProjectWire.Domain(row, call) });
    });

    private Task<Answer> List(Call call) => store.Read(async db =>
    {
        var rows = db.Projects.Where(p => p.IsDomain);
        if (Reach.Only(call.Actor) is { } only) rows = rows.Where(p => p.Id == only);
        return await Pages.Of(call, "domains", rows.Named(call).Enabled(call), p => ProjectWire.Domain(p, call));
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("domain");
        var row = await store.Write(call.Actor, (tx, db) => Domains.Create(tx, db, call, body));
        return Answer.Created(new JsonObject { ["domain"] = ProjectWire.Domain(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("domain");
        await store.Write(call.Actor, async (tx, db) => await Domains.Update(tx, db, call, await IdentityStore.Domain(db, call["id"]), body));
        return await Show(call);
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) => await Domains.Delete(tx, db, call, await IdentityStore.Domain(db, call["id"]), estate));
        return Answer.NoContent;
    }
}
