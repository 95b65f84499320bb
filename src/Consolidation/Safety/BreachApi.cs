using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Paging;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Safety;

/// <summary>/xiangyun/v1/consolidation/breaches: promises that were broken and what was done. Operators see all, a project those of its own servers.</summary>
internal sealed class BreachApi(Database database) : IApi
{
    public Service Service => ConsolidationModule.Service;

    public void Map(Routes r) => r.Get("/consolidation/breaches", "consolidation:own", List);

    private Task<Answer> List(Call call) => database.Read(async q =>
    {
        var (rows, actor) = (q.Db<ConsolidationDb>().Breaches.AsQueryable(), call.Actor);
        var operators = Rules.Allows("consolidation:read", actor);
        if (!operators) rows = actor.ProjectId is { } project ? rows.Where(b => b.ProjectId == project) : rows.Where(b => false);
        if (call.QueryOr("open") is not null) rows = call.QueryFlag("open") ? rows.Where(b => b.EndedAt == null) : rows.Where(b => b.EndedAt != null);
        if (call.QueryOr("cluster") is { } cluster && operators) rows = rows.Where(b => b.Cluster == cluster);
        if (call.QueryOr("server_id") is { } server) rows = rows.Where(b => b.ServerId == server);
        var page = call.Page();
        var mark = page.Marker is { } m ? await rows.SingleOrDefaultAsync(b => b.Id == m) ?? throw CloudError.Invalid($"The marker {m} names nothing of this list.") : null;
        var slice = await rows.Paged([new SortKey("Id", true)], page, mark);
        return Answer.Ok(new JsonObject { ["breaches"] = new JsonArray([.. slice.Rows.Select(b => (JsonNode)Wire(b, operators))]), ["next"] = slice.More ? call.NextLink(slice.Rows[^1].Id) : null });
    }, call.Stop);

    /// <summary>Hosts, plans and what was done to them are the operators' business.</summary>
    private static JsonObject Wire(BreachRow b, bool all)
    {
        var wire = new JsonObject { ["id"] = b.Id, ["server_id"] = b.ServerId, ["project_id"] = b.ProjectId, ["kind"] = b.Kind, ["value"] = b.Value, ["slo"] = b.Slo, ["unit"] = b.Kind == Excess.Faults ? "pages/s" : "%", ["since"] = Clock.Seconds(b.Since), ["ended_at"] = Clock.Seconds(b.EndedAt) };
        if (all) (wire["cluster"], wire["host_id"], wire["did"], wire["plan_id"]) = (b.Cluster, b.HostId, b.Did, b.PlanId);
        return wire;
    }
}
