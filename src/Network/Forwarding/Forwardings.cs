using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Store;

namespace Xiangyun.Network.Forwarding;

/// <summary>What becomes of port forwardings when their port or their floating IP goes.</summary>
internal static class Forwardings
{
    public static Task<bool> Any(Query q, string floatingIpId) => q.Db<NetworkDb>().Forwardings.AnyAsync(f => f.FloatingIpId == floatingIpId);

    /// <summary>A floating IP that nothing leads through any more belongs to no router.</summary>
    public static async Task LeadBack(Tx tx, FloatingIpRow floating)
    {
        if (floating.RouterId is not { } router) return;
        tx.Wake(NetworkWork.Router, router);
        if (await Any(tx, floating.Id)) return;
        floating.RouterId = null;
        await tx.Put(floating);
    }

    public static async Task PortGone(Tx tx, string portId, IReadOnlyList<string>? unlessFixedIp)
    {
        var db = tx.Db<NetworkDb>();
        var gone = (await db.Forwardings.Where(f => f.InternalPortId == portId).ToListAsync()).Where(f => unlessFixedIp?.Contains(f.InternalIp) != true).ToList();
        foreach (var row in gone) await tx.Delete<ForwardingRow>(row.Id);
        foreach (var id in gone.Select(f => f.FloatingIpId).Distinct())
            if (await tx.Hold<FloatingIpRow>(id) is { } floating) await LeadBack(tx, floating);
    }
}
