using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Allocations;

/// <summary>What a project, or one user in it, has taken; from 1.38 apart by type of consumer.</summary>
internal sealed class UsageApi(Database database) : IApi
{
    public Service Service => PlacementService.Service;

    public void Map(Routes r) => r.Look("/usages", 9, Usages);

    private Task<Answer> Usages(Call call) => database.Read(async q =>
    {
        var project = call.QueryOr("project_id") ?? throw CloudError.Invalid("'project_id' is a required query parameter.");
        var rows = q.Db<PlacementDb>().Allocations.Where(a => a.ProjectId == project);
        if (call.QueryOr("user_id") is { } user) rows = rows.Where(a => a.UserId == user);
        return Answer.Ok(new JsonObject { ["usages"] = call.AtLeast(38) ? await ByType(q, rows, call.QueryOr("consumer_type")) : Sum(await rows.ToListAsync()) });
    });

    private static JsonObject Sum(IEnumerable<AllocationRow> rows) =>
        new(rows.GroupBy(a => a.Class).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)g.Sum(a => a.Amount))));

    private static async Task<JsonObject> ByType(Query q, IQueryable<AllocationRow> rows, string? wanted)
    {
        var consumers = q.Db<PlacementDb>().Consumers;
        var all = await rows.GroupJoin(consumers, a => a.ConsumerId, c => c.Id, (a, c) => new { Row = a, c }).SelectMany(x => x.c.DefaultIfEmpty(), (x, c) => new { x.Row, Type = c == null ? null : c.Type }).ToListAsync();
        var groups = all.GroupBy(x => wanted == ConsumerTypes.All ? ConsumerTypes.All : x.Type ?? ConsumerTypes.Unknown).Where(g => wanted is null or ConsumerTypes.All || g.Key == wanted);
        return new JsonObject(groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var sum = Sum(g.Select(x => x.Row));
            sum["consumer_count"] = g.Select(x => x.Row.ConsumerId).Distinct().Count();
            return KeyValuePair.Create(g.Key, (JsonNode?)sum);
        }));
    }
}
