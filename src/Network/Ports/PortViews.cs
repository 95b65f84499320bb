using Microsoft.EntityFrameworkCore;
using Xiangyun.Network.Data;
using Xiangyun.Network.Public;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Ports as Compute shows them, with one query for each kind of thing that hangs on them.</summary>
internal static class PortViews
{
    public static async Task<IReadOnlyList<PortView>> Of(Query q, IReadOnlyList<PortRow> ports)
    {
        if (ports.Count == 0) return [];
        var db = q.Db<NetworkDb>();
        var ids = ports.Select(p => p.Id).ToList();
        var networkIds = ports.Select(p => p.NetworkId).Distinct().ToList();
        var networks = await db.Networks.Where(n => networkIds.Contains(n.Id)).ToDictionaryAsync(n => n.Id);
        var subnets = await db.Subnets.Where(s => networkIds.Contains(s.NetworkId)).ToDictionaryAsync(s => s.Id);
        var addresses = (await db.Addresses.Where(a => ids.Contains(a.PortId)).OrderBy(a => a.Position).ToListAsync()).ToLookup(a => a.PortId);
        var floating = (await db.FloatingIps.Where(f => f.PortId != null && ids.Contains(f.PortId)).ToListAsync()).ToLookup(f => f.PortId!, f => f.Ip);
        var groups = (await db.PortGroups.Where(g => ids.Contains(g.PortId)).Join(db.Groups, g => g.GroupId, g => g.Id, (m, g) => new { m.PortId, g.Name }).ToListAsync())
            .ToLookup(g => g.PortId, g => g.Name);
        return [.. ports.Select(p => new PortView
        {
            Id = p.Id, NetworkId = p.NetworkId, NetworkName = networks[p.NetworkId].Name, ProjectId = p.ProjectId, Mac = p.Mac, Mtu = networks[p.NetworkId].Mtu,
            Status = p.Status, DeviceId = p.DeviceId, AdminStateUp = p.AdminStateUp, MadeByCompute = p.MadeByCompute, Fault = p.Fault,
            Fixed = [.. addresses[p.Id].Select(a => Address(a, subnets[a.SubnetId], networks[p.NetworkId].Name))],
            FloatingIps = [.. floating[p.Id]], SecurityGroupNames = [.. groups[p.Id]],
        })];
    }

    /// <summary>The same for lists, which show less: no subnets, and of each row only what is shown.</summary>
    public static async Task<ILookup<string, ShownPort>> Shown(Query q, IQueryable<PortRow> rows)
    {
        var db = q.Db<NetworkDb>();
        var ports = await rows.Join(db.Networks, p => p.NetworkId, n => n.Id, (p, n) => new { p.Id, p.DeviceId, p.Mac, n.Name }).OrderBy(p => p.Id).ToListAsync();
        if (ports.Count == 0) return Array.Empty<ShownPort>().ToLookup(p => p.ServerId);
        var ids = ports.Select(p => p.Id).ToList();
        var addresses = (await db.Addresses.Where(a => ids.Contains(a.PortId)).OrderBy(a => a.Position).Select(a => new { a.PortId, a.Ip }).ToListAsync()).ToLookup(a => a.PortId, a => a.Ip);
        var floating = (await db.FloatingIps.Where(f => f.PortId != null && ids.Contains(f.PortId)).Select(f => new { f.PortId, f.Ip }).ToListAsync()).ToLookup(f => f.PortId!, f => f.Ip);
        var groups = (await db.PortGroups.Where(g => ids.Contains(g.PortId)).Join(db.Groups, g => g.GroupId, g => g.Id, (m, g) => new { m.PortId, g.Name }).ToListAsync()).ToLookup(g => g.PortId, g => g.Name);
        return ports.ToLookup(p => p.DeviceId, p => new ShownPort(p.DeviceId, p.Name, p.Mac, [.. addresses[p.Id]], [.. floating[p.Id]], [.. groups[p.Id]]));
    }

    private static PortAddress Address(PortAddressRow a, SubnetRow subnet, string networkName) =>
        new(a.Ip, a.SubnetId, a.NetworkId, networkName, subnet.Cidr, subnet.GatewayIp, JsonText.List<string>(subnet.DnsServers));
}
