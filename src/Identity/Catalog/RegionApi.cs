using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Catalog;

/// <summary>Regions: this cloud's own, which stands in its configuration, and those that operators added.</summary>
internal sealed class RegionApi(IdentityStore store, CatalogView catalog) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/regions", "token", call => store.Read(async db => Pages.Whole(call, "regions",
            [.. (await All(db)).Where(g => call.QueryOr("parent_region_id") is not { } parent || g.ParentId == parent).Select(g => Wire(g, call))])));
        r.Post("/regions", "identity:change_catalog", "region.create", call => Create(call, null));
        r.Get("/regions/{id}", "token", call => store.Read(async db => Answer.Ok(new JsonObject { ["region"] = Wire(await Find(db, call["id"]), call) })));
        r.Put("/regions/{id}", "identity:change_catalog", "region.create", call => Create(call, call["id"]));
        r.Patch("/regions/{id}", "identity:change_catalog", "region.update", Update);
        r.Delete("/regions/{id}", "identity:change_catalog", "region.delete", Delete);
    }

    private static JsonObject Wire(RegionRow g, Call call) => new()
    {
        ["id"] = g.Id, ["description"] = g.Description, ["parent_region_id"] = g.ParentId, ["links"] = Keystone.Self(call, "/regions/" + g.Id),
    };

    private async Task<List<RegionRow>> All(IdentityDb db) => [new RegionRow { Id = catalog.Region }, .. await db.Regions.Where(g => g.Id != catalog.Region).OrderBy(g => g.Id).ToListAsync()];

    private async Task<RegionRow> Find(IdentityDb db, string id) => (await All(db)).Find(g => g.Id == id) ?? throw Keystone.Missing("region", id);

    private async Task<string?> Parent(IdentityDb db, Fields body) => body.TextOr("parent_region_id") is { } parent ? (await Find(db, parent)).Id : null;

    private async Task<Answer> Create(Call call, string? given)
    {
        var body = await call.Body("region");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var id = given ?? body.TextOr("id", 1) ?? Id.New();
            if (id.Length > 255) throw CloudError.Invalid("A region's id has 255 characters at most.");
            if ((await All(db)).Exists(g => g.Id == id)) throw Keystone.Duplicate("region", id);
            var made = new RegionRow { Id = id, Description = body.TextOr("description", 0, 65_535) ?? "", ParentId = await Parent(db, body) };
            db.Add(made);
            tx.Audit(call.Verb, "region", id);
            return made;
        });
        return Answer.Created(new JsonObject { ["region"] = Wire(row, call) });
    }

    private async Task<RegionRow> Own(IdentityDb db, string id) =>
        id != catalog.Region ? await Find(db, id) : throw CloudError.Forbidden($"The region {id} is the one this cloud is configured with; it cannot be changed here.");

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("region");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Own(db, call["id"]);
            var (description, parent) = (body.TextOr("description", 0, 65_535) ?? before.Description, body.Has("parent_region_id") ? await Parent(db, body) : before.ParentId);
            var parents = (await All(db)).Where(g => g.ParentId is not null).ToLookup(g => g.Id, g => g.ParentId!);
            if (parent is not null && Roles.Closure.Of([parent], parents).Contains(before.Id)) throw CloudError.Invalid("A region cannot lie inside itself.");
            await db.Regions.Where(g => g.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(g => g.Description, description).SetProperty(g => g.ParentId, parent));
            tx.Audit(call.Verb, "region", before.Id);
            return await Find(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["region"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Own(db, call["id"]);
            if (await db.Regions.AnyAsync(g => g.ParentId == row.Id)) throw CloudError.Forbidden($"The region {row.Id} has regions inside it; delete them first.");
            if (await db.Endpoints.AnyAsync(e => e.RegionId == row.Id)) throw CloudError.Forbidden($"The region {row.Id} still has endpoints; delete them first.");
            await db.Regions.Where(g => g.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "region", row.Id);
        });
        return Answer.NoContent;
    }
}
