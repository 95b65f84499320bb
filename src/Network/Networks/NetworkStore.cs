using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Sharing;
using Xiangyun.Store;

namespace Xiangyun.Network.Networks;

internal static class NetworkStore
{
    /// <summary>Own, shared and external networks; administrators see all.</summary>
    public static IQueryable<NetworkRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().Networks.AsQueryable();
        var shared = Shares.With(q, actor.ProjectId);
        return actor.IsAdmin ? rows : rows.Where(r => r.ProjectId == actor.ProjectId || r.Shared || r.External || shared.Contains(r.Id));
    }

    public static async Task<NetworkRow> Find(Query q, Actor actor, string id) =>
        await Visible(q, actor).SingleOrDefaultAsync(r => r.Id == id) ?? throw NotFound.Network(id);

    public static async Task<NetworkRow> Get(Query q, string id) => await q.Db<NetworkDb>().Networks.SingleAsync(r => r.Id == id);

    /// <summary>Ports that somebody made: they keep a network alive. The cloud's own metadata port does not.</summary>
    public static IQueryable<PortRow> UsedPorts(Query q, string networkId) =>
        q.Db<NetworkDb>().Ports.Where(p => p.NetworkId == networkId && p.DeviceOwner != PortOwners.Metadata);
}
