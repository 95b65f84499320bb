using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Placement.Candidates;

/// <summary>Our own dry run (A-N1): why given resources would or would not be placed, host by host for those who run hosts, in counts for everybody else.</summary>
internal sealed class ExplainApi(Database database, IAllocations allocations) : IApi
{
    public Service Service => new() { Types = ["xiangyun"], Name = "xiangyun", Root = "/xiangyun", CatalogPath = "/v1", Prefixes = ["/v1"], Errors = ErrorStyle.Own };

    public void Map(Routes r) => r.Ask("/placement/explain", "placement:explain", Explain);

    private async Task<Answer> Explain(Call call)
    {
        var body = await call.Body();
        var resources = body.Object("resources");
        var demand = new Demand
        {
            ConsumerId = "", ProjectId = call.Actor.ProjectId ?? "", UserId = call.Actor.UserId, Zone = body.TextOr("zone"), Arch = body.TextOr("arch"),
            Resources = resources.Names.ToList().ToDictionary(n => n, n => resources.Number(n, 0, int.MaxValue)),
        };
        body.Done();
        return await database.Read(async q =>
        {
            var verdicts = await allocations.Explain(q, demand);
            return Answer.Ok(Explained.Of(allocations, call.Actor, verdicts));
        });
    }
}
