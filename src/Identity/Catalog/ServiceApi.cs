using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Services: those that this server answers itself, which nobody can change, and those that operators added.</summary>
internal sealed class ServiceApi(IdentityStore store, CatalogView catalog) : IApi
{
    private static readonly string[] Known = ["type", "name", "description", "enabled", "id", "links"];

    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/services", "identity:list_catalog", call => store.Read(async db => Pages.Whole(call, "services",
            [.. (await All(db)).Where(s => (call.QueryOr("type") ?? s.Type) == s.Type && (call.QueryOr("name") ?? s.Name) == s.Name).Select(s => Wire(s, call))])));
        r.Post("/services", "identity:change_catalog", "service.create", Create);
        r.Get("/services/{id}", "identity:list_catalog", call => store.Read(async db => Answer.Ok(new JsonObject { ["service"] = Wire(await Find(db, call["id"]), call) })));
        r.Patch("/services/{id}", "identity:change_catalog", "service.update", Update);
        r.Delete("/services/{id}", "identity:change_catalog", "service.delete", Delete);
    }

    private static JsonObject Wire(ServiceRow s, Call call)
    {
        var body = new JsonObject { ["id"] = s.Id, ["type"] = s.Type, ["name"] = s.Name, ["description"] = s.Description, ["enabled"] = s.Enabled, ["links"] = Keystone.Self(call, "/services/" + s.Id) };
        Keystone.AddExtras(body, s.Extra);
        return body;
    }

    private async Task<List<ServiceRow>> All(IdentityDb db) =>
        [.. catalog.Offered.Select(o => new ServiceRow { Id = CatalogView.ServiceId(o.Type), Type = o.Type, Name = o.Service.Name, Enabled = true }), .. await db.Services.OrderBy(s => s.Id).ToListAsync()];

    private async Task<ServiceRow> Find(IdentityDb db, string id) => (await All(db)).Find(s => s.Id == id) ?? throw Keystone.Missing("service", id);

    private async Task<ServiceRow> Own(IdentityDb db, string id) => catalog.Offered.Any(o => CatalogView.ServiceId(o.Type) == id)
        ? throw CloudError.Forbidden("This service is answered by this cloud itself; it cannot be changed or deleted.") : await Find(db, id);

    /// <summary>enabled as a real boolean; Keystone refuses texts here.</summary>
    public static bool? Enabled(Fields body) => body.Raw("enabled") is not { } raw ? null
        : raw.ValueKind is JsonValueKind.True or JsonValueKind.False ? raw.GetBoolean() : throw CloudError.Invalid("Invalid input for field 'enabled': it must be true or false.");

    private async Task<Answer> Create(Call call)
    {
        var body = await call.Body("service");
        var row = await store.Write(call.Actor, (tx, db) =>
        {
            var made = new ServiceRow
            {
                Id = Id.New(), Type = body.Text("type", 1), Name = body.TextOr("name") ?? "", Description = body.TextOr("description", 0, 65_535) ?? "",
                Enabled = Enabled(body) ?? true, Extra = Keystone.Extras(body, null, Known),
            };
            db.Add(made);
            tx.Audit(call.Verb, "service", made.Id, null, new { made.Type, made.Name });
            return Task.FromResult(made);
        });
        return Answer.Created(new JsonObject { ["service"] = Wire(row, call) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("service");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Own(db, call["id"]);
            var (type, name, description) = (body.TextOr("type", 1) ?? before.Type, body.TextOr("name") ?? before.Name, body.TextOr("description", 0, 65_535) ?? before.Description);
            var (enabled, extra) = (Enabled(body) ?? before.Enabled, Keystone.Extras(body, before.Extra, Known));
            await db.Services.Where(s => s.Id == before.Id).ExecuteUpdateAsync(u => u.SetProperty(s => s.Type, type).SetProperty(s => s.Name, name)
                .SetProperty(s => s.Description, description).SetProperty(s => s.Enabled, enabled).SetProperty(s => s.Extra, extra));
            tx.Audit(call.Verb, "service", before.Id, null, new { type, name, enabled });
            return await Find(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["service"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Own(db, call["id"]);
            var endpoints = db.Endpoints.Where(e => e.ServiceId == row.Id);
            await db.ProjectEndpoints.Where(p => endpoints.Any(e => e.Id == p.EndpointId)).ExecuteDeleteAsync();
            await endpoints.ExecuteDeleteAsync();
            await db.Limits.Where(l => l.ServiceId == row.Id).ExecuteDeleteAsync();
            await db.RegisteredLimits.Where(l => l.ServiceId == row.Id).ExecuteDeleteAsync();
            await db.Services.Where(s => s.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "service", row.Id, null, new { row.Type, row.Name });
        });
        return Answer.NoContent;
    }
}
