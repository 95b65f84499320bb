using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.FloatingIps;
using Xiangyun.Network.Public;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

internal sealed class ServerAddresses : IServerAddresses
{
    public async Task AddFixed(Tx tx, Actor actor, string serverId, string networkId)
    {
        var port = (await Of(tx, serverId)).FirstOrDefault(p => p.NetworkId == networkId) ?? throw CloudError.Invalid($"Server {serverId} has no port in network {networkId}.");
        var held = await Addresses.Of(tx, port.Id).ToListAsync();
        var subnet = held.FirstOrDefault()?.SubnetId ?? await tx.Db<NetworkDb>().Subnets.Where(s => s.NetworkId == networkId).OrderBy(s => s.Id).Select(s => s.Id).FirstOrDefaultAsync()
            ?? throw CloudError.Invalid($"Network {networkId} has no subnet.");
        await Change(tx, port, [.. held.Select(a => new AddressWish(a.SubnetId, a.Ip)), new AddressWish(subnet, null)]);
    }

    public async Task RemoveFixed(Tx tx, string serverId, string ip)
    {
        foreach (var port in await Of(tx, serverId))
        {
            var held = await Addresses.Of(tx, port.Id).ToListAsync();
            if (held.All(a => a.Ip != ip)) continue;
            await Change(tx, port, [.. held.Where(a => a.Ip != ip).Select(a => new AddressWish(a.SubnetId, a.Ip))]);
            return;
        }
        throw CloudError.Invalid($"Fixed IP {ip} is not associated with server {serverId}.");
    }

    public async Task AddFloating(Tx tx, Actor actor, string serverId, string floatingIp, string? fixedIp)
    {
        var row = await Floating(tx, actor, floatingIp);
        var ids = (await Of(tx, serverId)).Select(p => p.Id).ToList();
        var target = await tx.Db<NetworkDb>().Addresses.Where(a => ids.Contains(a.PortId) && (fixedIp == null || a.Ip == fixedIp)).OrderBy(a => a.PortId).ThenBy(a => a.Position).FirstOrDefaultAsync()
            ?? throw CloudError.Invalid(fixedIp is null ? "No fixed IPs associated to instance" : $"Specified fixed address {fixedIp} is not assigned to server {serverId}.");
        await FloatingIpStore.Point(tx, actor, row, target.PortId, target.Ip);
        await tx.Put(row);
    }

    public async Task RemoveFloating(Tx tx, Actor actor, string serverId, string floatingIp)
    {
        var row = await Floating(tx, actor, floatingIp);
        if ((await Of(tx, serverId)).All(p => p.Id != row.PortId))
            throw new CloudError(ErrorKind.Conflict, $"Floating IP {floatingIp} is not associated with server {serverId}.");
        await FloatingIpStore.Point(tx, actor, row, null, null);
        await tx.Put(row);
    }

    private static async Task<FloatingIpRow> Floating(Tx tx, Actor actor, string ip)
    {
        var id = await FloatingIpStore.Visible(tx, actor).Where(f => f.Ip == ip).Select(f => f.Id).FirstOrDefaultAsync() ?? throw CloudError.NotFound($"floating IP {ip} not found");
        return await tx.Hold<FloatingIpRow>(id) ?? throw CloudError.NotFound($"floating IP {ip} not found");
    }

    private static async Task Change(Tx tx, PortRow port, IReadOnlyList<AddressWish> wishes)
    {
        await tx.Put(port);
        await Addresses.Change(tx, port.NetworkId, port.Id, wishes);
        await FloatingIpStore.LetGo(tx, port.Id, await Addresses.Of(tx, port.Id).Select(a => a.Ip).ToListAsync());
        PortStore.Wake(tx, port);
    }

    private static async Task<List<PortRow>> Of(Tx tx, string serverId)
    {
        var held = new List<PortRow>();
        foreach (var id in await tx.Db<NetworkDb>().Ports.Where(p => p.DeviceId == serverId && p.DeviceOwner.StartsWith(PortOwners.Compute)).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync())
            if (await tx.Hold<PortRow>(id) is { } port) held.Add(port);
        return held;
    }
}
