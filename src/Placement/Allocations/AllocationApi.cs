using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

internal sealed class AllocationApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r)
    {
        r.Get("/allocations/{id}", "placement:read", Show);
        r.Put("/allocations/{id}", "placement:write", "allocation.set", Set);
        r.Delete("/allocations/{id}", "placement:write", "allocation.delete", Delete);
        r.Get("/usages", "placement:read", Usages);
    }

    private Task<Answer> Show(Call call) => database.Read(async q =>
    {
        var id = call["id"];
        var all = new JsonObject();
        foreach (var provider in (await q.Db<PlacementDb>().Allocations.Where(a => a.ConsumerId == id).ToListAsync()).GroupBy(a => a.ProviderId))
            all[provider.Key] = new JsonObject
            {
                ["generation"] = (await ProviderStore.Find(q, provider.Key)).Generation,
                ["resources"] = new JsonObject(provider.Select(a => KeyValuePair.Create(a.Class, (JsonNode?)a.Amount))),
            };
        return Answer.Ok(new JsonObject { ["allocations"] = all });
    });

    private async Task<Answer> Set(Call call)
    {
        var consumer = Id.Canonical(call["id"]) ?? throw CloudError.Invalid("The consumer must be a UUID.");
        var body = await call.Body();
        var (project, user) = call.AtLeast(8) ? (body.Text("project_id", 1), body.Text("user_id", 1)) : ("", "");
        var rows = (body.ObjectsOr("allocations") ?? throw CloudError.Invalid("'allocations' is a required property.")).SelectMany(a =>
        {
            var (provider, resources) = (a.Object("resource_provider").Text("uuid"), a.Object("resources"));
            return resources.Names.ToList().Select(n => new AllocationRow { ConsumerId = consumer, ProviderId = provider, Class = n, Amount = resources.Number(n, 1, int.MaxValue), ProjectId = project, UserId = user });
        }).ToList();
        if (rows.Count == 0) throw CloudError.Invalid("'allocations' must name at least one resource; delete the allocation instead.");
        await database.Write(call.Actor, async tx =>
        {
            await Counting.Remove(tx, consumer);
            foreach (var row in rows)
            {
                if (!await tx.Db<PlacementDb>().Providers.AnyAsync(p => p.Id == row.ProviderId)) throw CloudError.Invalid($"Allocation for resource provider '{row.ProviderId}' that does not exist.");
                if (!await Counting.Add(tx, row)) throw CloudError.Conflict($"Unable to create allocation for '{row.Class}' on resource provider '{row.ProviderId}'. The requested amount would exceed the capacity.");
                await tx.Db<PlacementDb>().Providers.Where(p => p.Id == row.ProviderId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Generation, p => p.Generation + 1));
            }
            tx.Audit(call.Verb, "allocation", consumer, project);
        });
        return Answer.NoContent;
    }

    private async Task<Answer> Delete(Call call)
    {
        await database.Write(call.Actor, async tx =>
        {
            if (await Counting.Remove(tx, call["id"]) == 0) throw CloudError.NotFound($"No allocations for consumer '{call["id"]}'");
            tx.Audit(call.Verb, "allocation", call["id"]);
        });
        return Answer.NoContent;
    }

    private Task<Answer> Usages(Call call) => database.Read(async q =>
    {
        var project = call.QueryOr("project_id") ?? throw CloudError.Invalid("'project_id' is a required query parameter.");
        var rows = q.Db<PlacementDb>().Allocations.Where(a => a.ProjectId == project);
        if (call.QueryOr("user_id") is { } user) rows = rows.Where(a => a.UserId == user);
        var usages = new JsonObject();
        foreach (var row in await rows.GroupBy(a => a.Class).Select(g => new { Class = g.Key, Used = g.Sum(a => a.Amount) }).ToListAsync()) usages[row.Class] = row.Used;
        return Answer.Ok(new JsonObject { ["usages"] = usages });
    });
}
