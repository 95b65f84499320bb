using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Agents;
using Xiangyun.Network.Data;
using Xiangyun.Network.Fabric;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Where no real fabric carries a port (simulated fabric or host), it is up when its host says that the server runs.</summary>
internal sealed class PortIntake(INetworkFabric fabric, HostNames hosts) : ISeenIntake
{
    public async Task Take(Tx tx, string hostId, Seen seen)
    {
        if (seen.Servers.Count == 0 && !seen.Full) return;
        if (!fabric.Simulated && (await hosts.Find(tx, hostId))?.Simulated != true) return;
        var servers = seen.Servers.Select(s => s.Id).ToList();
        var running = seen.Servers.Where(s => s.Power is Power.Running or Power.Paused).SelectMany(s => s.PortIds).ToHashSet();
        var ports = await tx.Db<NetworkDb>().Ports.Where(p => p.HostId == hostId && (seen.Full || servers.Contains(p.DeviceId))).Select(p => p.Id).ToListAsync();
        await PortSeen.Store(tx, [.. ports.Select(id => new PortUp(id, running.Contains(id)))]);
    }
}
