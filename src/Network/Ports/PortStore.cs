using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Limits;
using Xiangyun.Network.Public;
using Xiangyun.Network.Rest;
using Xiangyun.Network.SecurityGroups;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>Makes, binds and removes ports, with everything that hangs on one.</summary>
internal static class PortStore
{
    /// <summary>Own ports and those on own networks; administrators see all.</summary>
    public static IQueryable<PortRow> Visible(Query q, Actor actor)
    {
        var db = q.Db<NetworkDb>();
        return actor.IsAdmin ? db.Ports : db.Ports.Where(p => p.ProjectId == actor.ProjectId || db.Networks.Any(n => n.Id == p.NetworkId && n.ProjectId == actor.ProjectId));
    }

    public static async Task<PortRow> Find(Query q, Actor actor, string id) =>
        await Visible(q, actor).SingleOrDefaultAsync(p => p.Id == id) ?? throw NotFound.Port(id);

    public static async Task<PortRow> Make(Tx tx, PortWish wish)
    {
        await NetworkQuota.Take(tx, wish.ProjectId, "port");
        var ours = wish.DeviceOwner.StartsWith("network:", StringComparison.Ordinal);
        var row = new PortRow
        {
            Id = Id.New(), ProjectId = wish.ProjectId, NetworkId = wish.Network.Id, Name = wish.Name, Description = wish.Description,
            Mac = wish.Mac is null ? await FreeMac(tx, wish.Network.Id) : await Exactly(tx, wish.Network.Id, wish.Mac),
            DeviceId = wish.DeviceId, DeviceOwner = wish.DeviceOwner, AdminStateUp = wish.AdminStateUp,
            PortSecurityEnabled = !ours && (wish.PortSecurity ?? wish.Network.PortSecurityEnabled), AddressPairs = wish.AddressPairs,
            VnicType = wish.VnicType, BindingProfile = wish.BindingProfile, HostId = wish.HostId, MadeByCompute = wish.MadeByCompute, QosPolicyId = wish.QosPolicyId, DnsName = wish.DnsName,
        };
        await tx.Insert(row);
        await Addresses.Take(tx, row.NetworkId, row.Id, wish.Fixed);
        var groups = wish.Groups ?? (row.PortSecurityEnabled && row.ProjectId.Length > 0 ? [await Groups.Default(tx, row.ProjectId)] : []);
        await SetGroups(tx, row, groups);
        Wake(tx, row);
        return row;
    }

    /// <summary>Replaces the security groups of a port.</summary>
    public static async Task SetGroups(Tx tx, PortRow row, IReadOnlyList<string> groups)
    {
        if (!row.PortSecurityEnabled && groups.Count > 0)
            throw CloudError.Conflict("Port security must be enabled and port must have an IP address in order to use security groups.", "PortSecurityAndIPRequiredForSecurityGroups");
        var db = tx.Db<NetworkDb>();
        await db.PortGroups.Where(g => g.PortId == row.Id).ExecuteDeleteAsync();
        foreach (var group in groups.Distinct()) db.Add(new PortGroupRow { PortId = row.Id, GroupId = group });
        await tx.Save();
    }

    public static void Wake(Tx tx, PortRow row)
    {
        tx.Wake(NetworkWork.Port, row.Id);
        tx.Changed(IPorts.PortChanged, row.Id);
        if (row.HostId is { } host) tx.Wake(FleetWork.Host, host);
    }

    /// <summary>Moves a port to another host; it is down until the new one says that it is up, unless both carried it on the way.</summary>
    public static async Task Bind(Tx tx, PortRow row, string? hostId)
    {
        var carried = row.MovesTo is not null && (hostId == row.MovesTo || hostId == row.HostId);
        if (row.HostId == hostId && !carried) return;
        if (row.HostId is { } old) tx.Wake(FleetWork.Host, old);
        (row.HostId, row.MovesTo) = (hostId, null);
        await tx.Put(row);
        if (!carried) await tx.Db<NetworkDb>().Ports.Where(p => p.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.SeenUp, false));
        Wake(tx, row);
    }

    public static async Task Erase(Tx tx, PortRow row)
    {
        var db = tx.Db<NetworkDb>();
        await FloatingIpStore.LetGo(tx, row.Id, null);
        await db.Addresses.Where(a => a.PortId == row.Id).ExecuteDeleteAsync();
        await db.PortGroups.Where(g => g.PortId == row.Id).ExecuteDeleteAsync();
        await tx.Delete<PortRow>(row.Id);
        Wake(tx, row);
    }

    private static async Task<string> FreeMac(Tx tx, string networkId)
    {
        while (true)
        {
            var mac = Mac.New();
            if (!await tx.Db<NetworkDb>().Ports.AnyAsync(p => p.NetworkId == networkId && p.Mac == mac)) return mac;
        }
    }

    public static async Task<string> Exactly(Tx tx, string networkId, string text)
    {
        var mac = Mac.Wanted(text);
        if (await tx.Db<NetworkDb>().Ports.AnyAsync(p => p.NetworkId == networkId && p.Mac == mac))
            throw CloudError.Conflict($"Unable to complete operation for network {networkId}. The mac address {mac} is in use.", "MacAddressInUse");
        return mac;
    }
}
