using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Projects;

internal sealed class DomainApi(IdentityStore store) : IApi
{
    private static readonly string[] Known = ["name", "description", "enabled", "tags", "options", "id", "links"];

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
        if (call.QueryOr("name") is { } name) rows = rows.Where(p => p.Name == name);
        if (call.QueryOr("enabled") is not null) { var on = call.QueryFlag("enabled"); rows = rows.Where(p => p.Enabled == on); }
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(p => p.Id == m) ?? throw Keystone.Missing("marker", m) : null;
        return Keystone.List(call, "domains", await rows.Paged([new SortKey("Id")], page, mark), p => ProjectWire.Domain(p, call), p => p.Id);
    });

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("domain");
        var name = body.Text("name", 1, 64);
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            if (await db.Projects.AnyAsync(p => p.IsDomain && p.Name == name)) throw Keystone.Duplicate("domain", name);
            var id = Id.New();
            var made = new ProjectRow
            {
                Id = id, Name = name, DomainId = id, IsDomain = true, Enabled = body.FlagOr("enabled") ?? true, Description = body.TextOr("description", 0, 65_535) ?? "",
                Extra = Keystone.Extras(body, null, Known), CreatedAt = tx.Now,
            };
            db.Add(made);
            tx.Audit(call.Verb, "domain", id, null, new { name });
            return made;
        });
        return Answer.Created(new JsonObject { ["domain"] = ProjectWire.Domain(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("domain");
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.Domain(db, call["id"]);
            var name = body.TextOr("name", 1, 64) ?? row.Name;
            if (name != row.Name && await db.Projects.AnyAsync(p => p.IsDomain && p.Name == name)) throw Keystone.Duplicate("domain", name);
            var (description, enabled, extra) = (body.TextOr("description", 0, 65_535) ?? row.Description, body.FlagOr("enabled") ?? row.Enabled, Keystone.Extras(body, row.Extra, Known));
            if (!enabled && row.Id == call.Actor.UserDomainId) throw CloudError.Forbidden("The domain of the calling user cannot be disabled: nobody could enable it again.");
            await db.Projects.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name).SetProperty(p => p.Description, description)
                .SetProperty(p => p.Enabled, enabled).SetProperty(p => p.Extra, extra));
            tx.Audit(call.Verb, "domain", row.Id, null, new { name, enabled });
        });
        return await Show(call);
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await IdentityStore.Domain(db, call["id"]);
            if (row.Enabled) throw CloudError.Forbidden("Cannot delete a domain that is enabled, please disable it first.");
            await Removal.Domain(db, row.Id);
            tx.Audit(call.Verb, "domain", row.Id, null, new { row.Name });
        });
        return Answer.NoContent;
    }
}
