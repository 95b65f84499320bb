using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Providers;
using Xiangyun.Placement.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

internal sealed class AllocationBook(Verdicts verdicts) : IAllocations, IHostHold
{
    public async Task<HostVerdict> Claim(Tx tx, Demand demand)
    {
        var all = await TryClaim(tx, demand);
        return all.FirstOrDefault() is { Fits: true } best ? best : throw CloudError.NoCapacity(HostSight.Of(tx.Actor) ? Details(all) : Words(all));
    }

    public async Task<IReadOnlyList<HostVerdict>> TryClaim(Tx tx, Demand demand)
    {
        await tx.Lock("placement"); // one placer at a time: each sees what the others took
        var all = await verdicts.Of(tx, demand);
        if (all.FirstOrDefault() is not { Fits: true } best) return all;
        foreach (var (resource, amount) in demand.Resources.Where(r => r.Value > 0).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            var row = new AllocationRow { ConsumerId = demand.ConsumerId, ProviderId = best.HostId, Class = resource, Amount = amount, ProjectId = demand.ProjectId, UserId = demand.UserId };
            if (!await Counting.Add(tx, row)) throw CloudError.NoCapacity("No valid host was found. What was free was taken meanwhile; try again.");
        }
        return all;
    }

    public async Task Transfer(Tx tx, string fromConsumerId, string toConsumerId)
    {
        await tx.Lock("placement");
        await tx.Save();
        await tx.Db<PlacementDb>().Allocations.Where(a => a.ConsumerId == fromConsumerId).ExecuteUpdateAsync(s => s.SetProperty(a => a.ConsumerId, toConsumerId));
    }

    public Task<IReadOnlyList<HostVerdict>> Explain(Query q, Demand demand) => verdicts.Of(q, demand);

    public string Words(IReadOnlyList<HostVerdict> verdicts) => Placement.Words.Refusal(verdicts);

    public string Details(IReadOnlyList<HostVerdict> verdicts) => Placement.Words.Details(verdicts);

    public IReadOnlyList<Hindrance> Hindrances(IReadOnlyList<HostVerdict> verdicts) => Placement.Words.Hindrances(verdicts);

    public async Task<string?> Holds(Query q, string hostId)
    {
        var within = (await Lineage.Read(q)).Within(hostId);
        var consumers = await q.Db<PlacementDb>().Allocations.Where(a => within.Contains(a.ProviderId)).Select(a => a.ConsumerId).Distinct().CountAsync();
        return consumers == 0 ? null : $"allocations of {consumers} server(s)";
    }

    public async Task<IReadOnlyDictionary<string, string>> Projects(Query q) =>
        (await q.Db<PlacementDb>().Allocations.Select(a => new { a.ConsumerId, a.ProjectId }).Distinct().ToListAsync()).DistinctBy(a => a.ConsumerId).ToDictionary(a => a.ConsumerId, a => a.ProjectId);

    public Task Release(Tx tx, string consumerId) => Counting.Remove(tx, consumerId);
}
