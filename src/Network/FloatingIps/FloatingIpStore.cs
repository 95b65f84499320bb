using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Forwarding;
using Xiangyun.Network.Ports;
using Xiangyun.Network.Public;
using Xiangyun.Store;

namespace Xiangyun.Network.FloatingIps;

internal static class FloatingIpStore
{
    public static IQueryable<FloatingIpRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<NetworkDb>().FloatingIps.AsQueryable();
        return actor.IsAdmin ? rows : rows.Where(f => f.ProjectId == actor.ProjectId);
    }

    /// <summary>Points the address at one fixed address of a port, through the router between both networks.</summary>
    public static async Task Point(Tx tx, Actor actor, FloatingIpRow row, string? portId, string? fixedIp)
    {
        Wake(tx, row);
        if (portId is null && await Forwardings.Any(tx, row.Id)) return;
        if (portId is null)
        {
            row.PortId = row.FixedIp = row.RouterId = null;
            return;
        }
        if (await Forwardings.Any(tx, row.Id)) throw CloudError.Conflict($"Floating IP {row.Ip} has port forwardings; delete them before it leads to one port.", "FipAssociated");
        var port = await PortStore.Find(tx, actor, portId);
        var addresses = (await Addresses.Of(tx, port.Id).ToListAsync()).Where(a => !a.Ip.Contains(':')).ToList();
        var address = fixedIp is null ? addresses.FirstOrDefault() : addresses.FirstOrDefault(a => a.Ip == fixedIp);
        if (address is null)
            throw CloudError.Invalid(fixedIp is null
                ? $"Bad floatingip request: Cannot add floating IP to port {port.Id} that has no fixed IPv4 addresses."
                : $"Bad floatingip request: Port {port.Id} does not have fixed ip {fixedIp}.", "BadRequest");
        if (fixedIp is null && addresses.Count > 1)
            throw CloudError.Invalid($"Bad floatingip request: Port {port.Id} has multiple fixed IPv4 addresses. Must provide a specific IPv4 address when assigning a floating IP.", "BadRequest");
        if (await tx.Db<NetworkDb>().FloatingIps.AnyAsync(f => f.Id != row.Id && f.PortId == port.Id && f.FixedIp == address.Ip))
            throw CloudError.Conflict($"Cannot associate floating IP {row.Ip} ({row.Id}) with port {port.Id} using fixed IP {address.Ip}, as that fixed IP already has a floating IP.", "FloatingIPPortAlreadyAssociated");
        row.RouterId = await Router(tx, row.NetworkId, address.SubnetId)
            ?? throw CloudError.NotFound($"External network {row.NetworkId} is not reachable from subnet {address.SubnetId}.  Therefore, cannot associate Port {port.Id} with a Floating IP.", "ExternalGatewayForFloatingIPNotFound");
        row.PortId = port.Id;
        row.FixedIp = address.Ip;
        Wake(tx, row);
    }

    /// <summary>The router between an external network and an inner subnet.</summary>
    public static async Task<string?> Router(Query q, string externalNetworkId, string subnetId)
    {
        var db = q.Db<NetworkDb>();
        return await db.Routers.Where(r => r.GatewayNetworkId == externalNetworkId
                && db.Ports.Any(p => p.DeviceId == r.Id && p.DeviceOwner == PortOwners.RouterInterface && db.Addresses.Any(a => a.PortId == p.Id && a.SubnetId == subnetId)))
            .OrderBy(r => r.Id).Select(r => r.Id).FirstOrDefaultAsync();
    }

    /// <summary>The port is going (or has only these addresses left): floating addresses that led to it lead nowhere.</summary>
    public static async Task LetGo(Tx tx, string portId, IReadOnlyList<string>? unlessFixedIp)
    {
        await Forwardings.PortGone(tx, portId, unlessFixedIp);
        foreach (var row in await tx.Db<NetworkDb>().FloatingIps.Where(f => f.PortId == portId).ToListAsync())
        {
            if (unlessFixedIp?.Contains(row.FixedIp!) == true) continue;
            Wake(tx, row);
            row.PortId = row.FixedIp = row.RouterId = null;
            await tx.Put(row);
        }
    }

    public static async Task Erase(Tx tx, FloatingIpRow row)
    {
        Wake(tx, row);
        await tx.Db<NetworkDb>().Forwardings.Where(f => f.FloatingIpId == row.Id).ExecuteDeleteAsync();
        await tx.Delete<FloatingIpRow>(row.Id);
        if (await tx.Hold<PortRow>(row.OwnPortId) is { } own) await PortStore.Erase(tx, own);
    }

    /// <summary>Their network is going: addresses that lead nowhere go with it.</summary>
    public static async Task EraseIdle(Tx tx, string networkId)
    {
        foreach (var row in await tx.Db<NetworkDb>().FloatingIps.Where(f => f.NetworkId == networkId && f.RouterId == null).ToListAsync()) await Erase(tx, row);
    }

    /// <summary>Floating addresses that go through this router into this subnet.</summary>
    public static Task<bool> Uses(Query q, string routerId, string? subnetId)
    {
        var db = q.Db<NetworkDb>();
        return db.FloatingIps.AnyAsync(f => f.RouterId == routerId && (subnetId == null || db.Addresses.Any(a => a.PortId == f.PortId && a.Ip == f.FixedIp && a.SubnetId == subnetId)
            || db.Forwardings.Any(w => w.FloatingIpId == f.Id && db.Addresses.Any(a => a.PortId == w.InternalPortId && a.Ip == w.InternalIp && a.SubnetId == subnetId))));
    }

    private static void Wake(Tx tx, FloatingIpRow row)
    {
        if (row.RouterId is { } router) tx.Wake(NetworkWork.Router, router);
        if (row.PortId is { } port) tx.Changed(IPorts.PortChanged, port);
    }
}
