using Xiangyun.Fleet.Public;
using Xiangyun.Network.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>Reads what surrounds the servers of a page: three queries for any number of them.</summary>
internal sealed class ServerView(IPorts ports, IVolumes volumes, IHosts hosts)
{
    public async Task<ServerSurroundings> Around(Query q, IReadOnlyList<ServerRow> rows)
    {
        var ids = rows.Select(r => r.Id).ToList();
        return new ServerSurroundings(await ports.OfServers(q, ids), await volumes.OfServers(q, ids), (await hosts.All(q)).ToDictionary(h => h.Id));
    }
}
