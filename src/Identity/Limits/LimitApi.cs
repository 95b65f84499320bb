using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Identity.Limits;

/// <summary>Limits of one project or domain, instead of the registered ones. The model is flat: nothing is handed down a tree of projects.</summary>
internal sealed class LimitApi(IdentityStore store) : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/limits/model", "identity:list_limits", _ => Task.FromResult(Answer.Ok(new JsonObject
        {
            ["model"] = new JsonObject { ["name"] = "flat", ["description"] = "Limit enforcement and validation does not take project hierarchy into consideration." },
        })));
        r.Get("/limits", "identity:list_limits", List);
        r.Post("/limits", "identity:change_limits", "limit.create", Create);
        r.Get("/limits/{id}", "identity:list_limits", call => store.Read(async db => Answer.Ok(new JsonObject { ["limit"] = Wire(await Visible(db, call), call) })));
        r.Patch("/limits/{id}", "identity:change_limits", "limit.update", Update);
        r.Delete("/limits/{id}", "identity:change_limits", "limit.delete", Delete);
    }

    private static JsonObject Wire(LimitRow l, Call call) => new()
    {
        ["id"] = l.Id, ["project_id"] = l.ProjectId, ["domain_id"] = l.DomainId, ["service_id"] = l.ServiceId, ["region_id"] = l.RegionId, ["resource_name"] = l.ResourceName,
        ["resource_limit"] = l.ResourceLimit, ["description"] = l.Description, ["links"] = Keystone.Self(call, "/limits/" + l.Id),
    };

    private static IQueryable<LimitRow> Seen(IdentityDb db, Actor actor)
    {
        if (Reach.Only(actor) is null) return db.Limits;
        var (project, domain) = (actor.ProjectId, actor.DomainId);
        return domain is null ? db.Limits.Where(l => l.ProjectId != null && l.ProjectId == project)
            : db.Limits.Where(l => l.DomainId == domain || db.Projects.Any(p => p.Id == l.ProjectId && p.DomainId == domain));
    }

    private static async Task<LimitRow> Visible(IdentityDb db, Call call)
    {
        var id = call["id"];
        return await Seen(db, call.Actor).SingleOrDefaultAsync(l => l.Id == id) ?? throw Keystone.Missing("limit", id);
    }

    private Task<Answer> List(Call call) => store.Read(db => Pages.Of(call, "limits", Seen(db, call.Actor).Same(call, "service_id", "ServiceId").Same(call, "region_id", "RegionId")
        .Same(call, "resource_name", "ResourceName").Same(call, "project_id", "ProjectId").Same(call, "domain_id", "DomainId"), l => Wire(l, call)));

    private async Task<Answer> Create(Call call)
    {
        var wishes = (await call.Body()).ObjectsOr("limits") ?? throw CloudError.Invalid("Expecting to find limits.");
        var rows = await store.Write(call.Actor, async (tx, db) =>
        {
            await tx.Lock("identity.limits");
            var made = new List<LimitRow>();
            foreach (var wish in wishes)
            {
                var row = await Row(db, wish);
                db.Add(row);
                made.Add(row);
                tx.Audit(call.Verb, "limit", row.Id, row.ProjectId, new { row.ServiceId, row.ResourceName, row.ResourceLimit });
                await tx.Save();
            }
            return made.Count > 0 ? made : throw CloudError.Invalid("limits is empty.");
        });
        return Answer.Created(new JsonObject { ["limits"] = new JsonArray([.. rows.Select(l => Wire(l, call))]) });
    }

    private static async Task<LimitRow> Row(IdentityDb db, Fields wish)
    {
        var scope = LimitScope.Read(wish);
        var row = new LimitRow
        {
            Id = Id.New(), ProjectId = wish.TextOr("project_id", 1), DomainId = wish.TextOr("domain_id", 1), ServiceId = scope.ServiceId, RegionId = scope.RegionId, ResourceName = scope.ResourceName,
            ResourceLimit = LimitScope.Amount(wish, "resource_limit"), Description = wish.TextOr("description", 0, 65_535),
        };
        wish.Done();
        if (row.ProjectId is null == row.DomainId is null) throw CloudError.Invalid("A limit is of either a project_id or a domain_id.");
        if (row.ProjectId is { } project) await IdentityStore.Project(db, project);
        else await IdentityStore.Domain(db, row.DomainId!);
        if (await RegisteredLimitApi.Of(db, scope) is null) throw CloudError.Forbidden("Unable to create a limit that has no corresponding registered limit.");
        if (await db.Limits.AnyAsync(l => l.ProjectId == row.ProjectId && l.DomainId == row.DomainId && l.ServiceId == row.ServiceId && l.RegionId == row.RegionId && l.ResourceName == row.ResourceName))
            throw Keystone.Duplicate("limit", scope.ResourceName);
        return row;
    }

    private async Task<Answer> Update(Call call)
    {
        var body = await call.Body("limit");
        var row = await store.Write(call.Actor, async (tx, db) =>
        {
            var before = await Visible(db, call);
            var (most, description) = (body.Has("resource_limit") ? LimitScope.Amount(body, "resource_limit") : before.ResourceLimit, body.Has("description") ? body.TextOr("description", 0, 65_535) : before.Description);
            body.Done();
            await db.Limits.Where(l => l.Id == before.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.ResourceLimit, most).SetProperty(l => l.Description, description));
            tx.Audit(call.Verb, "limit", before.Id, before.ProjectId, new { most });
            return await Visible(db, call);
        });
        return Answer.Ok(new JsonObject { ["limit"] = Wire(row, call) });
    }

    private async Task<Answer> Delete(Call call)
    {
        await store.Write(call.Actor, async (tx, db) =>
        {
            var row = await Visible(db, call);
            await db.Limits.Where(l => l.Id == row.Id).ExecuteDeleteAsync();
            tx.Audit(call.Verb, "limit", row.Id, row.ProjectId, new { row.ResourceName });
        });
        return Answer.NoContent;
    }
}
