using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Network.Data;
using Xiangyun.Network.Networks;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>
/// Every network with DHCP has one port of the cloud itself, with an address in each such subnet: on every host it
/// answers at 169.254.169.254. It belongs to no project, so it costs no quota and clients cannot remove it.
/// </summary>
internal static class MetadataPort
{
    public static string DeviceId(string networkId) => "ovnmeta-" + networkId;

    public static async Task<PortRow?> Find(Query q, string networkId)
    {
        var device = DeviceId(networkId);
        return await q.Db<NetworkDb>().Ports.SingleOrDefaultAsync(p => p.DeviceId == device && p.DeviceOwner == PortOwners.Metadata);
    }

    /// <summary>Makes the port fit the subnets of its network as they are now.</summary>
    public static async Task Follow(Tx tx, string networkId)
    {
        var wishes = (await SubnetStore.OfNetwork(tx, networkId)).Where(s => s.EnableDhcp && s.IpVersion == 4).Select(s => new AddressWish(s.Id, null)).ToList();
        var port = await Find(tx, networkId);
        if (wishes.Count == 0)
        {
            if (port is not null) await PortStore.Erase(tx, port);
        }
        else if (port is null)
        {
            await PortStore.Make(tx, new PortWish(await NetworkStore.Get(tx, networkId), "") { DeviceId = DeviceId(networkId), DeviceOwner = PortOwners.Metadata, Fixed = wishes });
        }
        else
        {
            await Addresses.Change(tx, networkId, port.Id, wishes);
            await tx.Put(port);
            PortStore.Wake(tx, port);
        }
        foreach (var host in await Hosts(tx, networkId)) tx.Wake(FleetWork.Host, host);
    }

    private static Task<List<string>> Hosts(Query q, string networkId) =>
        q.Db<NetworkDb>().Ports.Where(p => p.NetworkId == networkId && p.HostId != null).Select(p => p.HostId!).Distinct().ToListAsync();
}
