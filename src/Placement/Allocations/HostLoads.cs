using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;

namespace Xiangyun.Placement.Allocations;

/// <summary>What is promised of each host, for those who decide which of them may be switched off.</summary>
internal sealed class HostLoads : IHostLoads
{
    public Task Lock(Tx tx) => tx.Lock("placement");

    public async Task<IReadOnlyDictionary<string, HostLoad>> Of(Query q) => (await q.Db<PlacementDb>().Inventories.ToListAsync()).GroupBy(i => i.ProviderId)
        .ToDictionary(g => g.Key, g => new HostLoad(g.ToDictionary(i => i.Class, i => i.Capacity), g.ToDictionary(i => i.Class, i => i.Used)));
}
