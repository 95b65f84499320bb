using Microsoft.EntityFrameworkCore;
using Xiangyun.Consolidation.Policies;
using Xiangyun.Fleet.Public;
using Xiangyun.Store;

namespace Xiangyun.Consolidation.Safety;

/// <summary>What each host's guests are promised: its cluster's objectives. Only where an operator has set a policy is anything promised. Read again every two seconds.</summary>
internal sealed class Promises(Database database, PolicyStore policies, IHosts hosts, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1, 1);
    private Dictionary<string, (string Cluster, Slo Slo)> _byHost = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    public async Task<(string Cluster, Slo Slo)?> Of(string hostId)
    {
        if (clock.GetUtcNow() - _readAt >= Fresh)
        {
            await _one.WaitAsync();
            try
            {
                if (clock.GetUtcNow() - _readAt >= Fresh) (_byHost, _readAt) = (await database.Read(Read), clock.GetUtcNow());
            }
            finally
            {
                _one.Release();
            }
        }
        return _byHost.TryGetValue(hostId, out var promise) ? promise : null;
    }

    private async Task<Dictionary<string, (string, Slo)>> Read(Query q)
    {
        if (!await q.Db<ConsolidationDb>().Policies.AnyAsync()) return [];
        var set = await q.Db<ConsolidationDb>().Policies.Select(p => p.Cluster).ToListAsync();
        var all = await policies.All(q);
        return (await hosts.All(q)).Where(h => set.Contains(h.Zone) || set.Contains(PolicyStore.Default)).ToDictionary(h => h.Id, h => (h.Zone, all[h.Zone].Slo));
    }
}
