using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Identity.Catalog;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Limits;

/// <summary>
/// Registered limits: what a project may have of a service's resource when nobody said otherwise. Services outside this
/// cloud may read them (oslo.limit); this cloud's own count against the quotas of their own APIs.
/// </summary>
internal sealed class RegisteredLimitApi(IdentityStore store, CatalogView catalog) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/registered_limits", "identity:list_limits", call => store.Read(db => Pages.Of(call, "registered_limits",
            db.RegisteredLimits.Same(call, "service_id", "ServiceId").Same(call, "region_id", "RegionId").Same(call, "resource_name", "ResourceName"), l => Wire(l, call))));
        r.Post("/registered_limits", "identity:change_limits", "registered_limit.create", Create);
        r.Get("/registered_limits/{id}", "identity:list_limits", call => store.Read(async db => Answer.Ok(new JsonObject { ["registered_limit"] = Wire(await Find(db, call["id"]), call) })));
        r.Patch("/registered_limits/{id}", "identity:change_limits", "registered_limit.update", Update);
        r.Delete("/registered_limits/{id}", "identity:change_limits", "registered_limit.delete", Delete);
    }

    private static JsonObject Wire(RegisteredLimitRow l, Call call) => new()
    {
        ["id"] = l.Id, ["service_id"] = l.ServiceId, ["region_id"] = l.RegionId, ["resource_name"] = l.ResourceName, ["default_limit"] = l.DefaultLimit, ["description"] = l.Description,
        ["links"] = Keystone.Self(call, "/registered_limits/" + l.Id),
    };

    private static async Task<RegisteredLimitRow> Find(IdentityDb db, string id) => await db.RegisteredLimits.SingleOrDefaultAsync(l => l.Id == id) ?? throw Keystone.Missing("registered limit", id);

    public static Task<RegisteredLimitRow?> Of(IdentityDb db, LimitScope scope) =>
        db.RegisteredLimits.SingleOrDefaultAsync(l => l.ServiceId == scope.ServiceId && l.RegionId == scope.RegionId && l.ResourceName == scope.ResourceName);

    private static Task<bool> Used(IdentityDb db, RegisteredLimitRow row) => db.Limits.AnyAsync(l => l.ServiceId == row.ServiceId && l.RegionId == row.RegionId && l.ResourceName == row.ResourceName);

    private async Task<Answer> Create(Call call)
    {
        var wishes = (await call.Body()).ObjectsOr("registered_limits") ?? throw CloudError.Invalid("Expecting to find registered_limits.");
        var rows = await store.Write(call.Actor, async (tx, db) =>
        {
            await tx.Lock("identity.limits");
            var made = new List<RegisteredLimitRow>();
            foreach (var wish in wishes)
            {
                var scope = LimitScope.Read(wish);
                await scope.MustExist(db, catalog);
                if (await Of(db, scope) is not null) throw Keystone.Duplicate("registered_limit", scope.ResourceName);
                var row = new RegisteredLimitRow
                {
                    Id = Id.New(), ServiceId = scope.ServiceId, RegionId = scope.RegionId, ResourceName = scope.ResourceName, DefaultLimit = LimitScope.Amount(wish, "default_limit"),
                    Description = wish.TextOr("description", 0, 65_535),
                };
                wish.Done();
                db.Add(row);
                made.Add(row);
                tx.Audit(call.Verb, "registered_limit", row.Id, null, new { row.ServiceId, row.ResourceName, row.DefaultLimit });
                await tx.Save();
            }
            if (made.Count == 0) throw CloudError.Invalid("registered_limits is empty.");
            return made;
        });
        return Answer.Created(new JsonObject { ["registered_limits"] = new JsonArray([.. rows.Select(l => Wire(l, call))]) });
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("registered_limit");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            await tx.Lock("identity.limits");
            var before = await Find(db, call["id"]);
            var old = new LimitScope(before.ServiceId, before.RegionId, before.ResourceName);
            var scope = LimitScope.Read(body, old);
            if (scope != old)
            {
                if (await Used(db, before)) throw CloudError.Forbidden("Unable to update this registered limit because there are limits of it.");
                await scope.MustExist(db, catalog);
                if (await Of(db, scope) is not null) throw Keystone.Duplicate("registered_limit", scope.ResourceName);
            }
            var (most, description) = (body.Has("default_limit") ? LimitScope.Amount(body, "default_limit") : before.DefaultLimit, body.Has("description") ? body.TextOr("description", 0, 65_535) : before.Description);
            await db.RegisteredLimits.Where(l => l.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.ServiceId, scope.ServiceId).SetProperty(l => l.RegionId, scope.RegionId)
                .SetProperty(l => l.ResourceName, scope.ResourceName).SetProperty(l => l.DefaultLimit, most).SetProperty(l => l.Description, description));
            tx.Audit(call.Verb, "registered_limit", before.Id, null, new { most });
            return await Find(db, before.Id);
        });
        return Answer.Ok(new JsonObject { ["registered_limit"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Find(db, call["id"]);
            if (await Used(db, row)) throw CloudError.Forbidden("Unable to delete this registered limit because there are limits of it.");
            await db.RegisteredLimits.Where(l => l.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "registered_limit", row.Id, null, new { row.ResourceName });
        });
        return Answer.NoContent;
    }
}
