using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Network.Public;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Stores whether ports are up, and tells those who listen only of what changed.</summary>
internal static class PortSeen
{
    public static async Task Store(Tx tx, IReadOnlyCollection<PortUp> seen)
    {
        foreach (var group in seen.GroupBy(s => s.Up))
        {
            var ids = group.Select(s => s.PortId).ToList();
            var changed = await tx.Db<NetworkDb>().Ports.Where(p => ids.Contains(p.Id) && p.SeenUp != group.Key).Select(p => p.Id).ToListAsync();
            if (changed.Count == 0) continue;
            await tx.Db<NetworkDb>().Ports.Where(p => changed.Contains(p.Id)).ExecuteUpdateAsync(s => s.SetProperty(p => p.SeenUp, group.Key));
            foreach (var id in changed) tx.Changed(IPorts.PortChanged, id);
        }
    }
}
