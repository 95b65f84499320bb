using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Network.Data;
using Xiangyun.Network.Rest;
using Xiangyun.Network.Subnets;
using Xiangyun.Store;

namespace Xiangyun.Network.Ports;

/// <summary>One address that a port asks for: in this subnet, exactly this one, or both.</summary>
internal sealed record AddressWish(string? SubnetId, string? Ip);

/// <summary>
/// Gives out addresses. Writers of one subnet stand in line (a lock until commit), and the primary key (subnet, number)
/// is the last word, so two ports never get the same address on either database.
/// </summary>
internal static class Addresses
{
    public static IQueryable<PortAddressRow> Of(Query q, string portId) => q.Db<NetworkDb>().Addresses.Where(a => a.PortId == portId).OrderBy(a => a.Position);

    /// <summary>
    /// null wishes = one address of each IP version, from the first subnet that has one left. A wish without subnet and
    /// address is one IPv4 address. Where guests make their own addresses, each port has that address without asking.
    /// </summary>
    public static async Task Take(Tx tx, string networkId, string portId, IReadOnlyList<AddressWish>? wishes, int position = 0)
    {
        var subnets = await SubnetStore.OfNetwork(tx, networkId);
        var port = await tx.Db<NetworkDb>().Ports.SingleAsync(p => p.Id == portId);
        if (wishes is null)
            foreach (var version in subnets.Where(s => !Ipv6Modes.Automatic(s) || port.OfRouter).GroupBy(s => s.IpVersion).OrderBy(v => v.Key)) await TakeAny(tx, [.. version], port, position++);
        foreach (var wish in wishes ?? [])
        {
            if (wish is (null, null)) await TakeAny(tx, [.. subnets.Where(s => s.IpVersion == 4)], port, position++);
            else await TakeOne(tx, subnets, port, wish, position++);
        }
        if (port.OfCloud) return;
        var has = await Of(tx, portId).Select(a => a.SubnetId).ToListAsync();
        foreach (var subnet in subnets.Where(s => Ipv6Modes.Automatic(s) && !has.Contains(s.Id))) await Add(tx, subnet, portId, Cidr.Of(subnet.Cidr).Eui64(port.Mac), position++);
    }

    /// <summary>A subnet with automatic addresses was made: the ports that are there already have one in it.</summary>
    public static async Task Announce(Tx tx, SubnetRow subnet)
    {
        foreach (var port in (await tx.Db<NetworkDb>().Ports.Where(p => p.NetworkId == subnet.NetworkId).ToListAsync()).Where(p => !p.OfCloud))
        {
            await Add(tx, subnet, port.Id, Cidr.Of(subnet.Cidr).Eui64(port.Mac), 1 + await Of(tx, port.Id).CountAsync());
            PortStore.Wake(tx, port);
        }
    }

    private static async Task TakeAny(Tx tx, IReadOnlyList<SubnetRow> subnets, PortRow port, int position)
    {
        foreach (var subnet in subnets)
        {
            await tx.Lock("subnet:" + subnet.Id);
            if (await Free(tx, subnet) is not { } address) continue;
            await Add(tx, subnet, port.Id, address, position);
            return;
        }
        throw Exhausted(port.NetworkId);
    }

    private static async Task TakeOne(Tx tx, List<SubnetRow> subnets, PortRow port, AddressWish wish, int position)
    {
        Ip? wanted = wish.Ip is null ? null : Ip.Wanted("fixed_ips", wish.Ip);
        var subnet = wish.SubnetId is { } id
            ? subnets.SingleOrDefault(s => s.Id == id) ?? throw CloudError.Invalid($"Failed to create port on network {port.NetworkId}, because fixed_ips included invalid subnet {id}", "InvalidInput")
            : subnets.FirstOrDefault(s => Cidr.Of(s.Cidr).Holds(wanted!.Value)) ?? throw CloudError.Invalid($"IP address {wish.Ip} is not a valid IP for any of the subnets on the specified network.", "InvalidIpForNetwork");
        await tx.Lock("subnet:" + subnet.Id);
        if (Ipv6Modes.Automatic(subnet) && !port.OfRouter) wanted = Automatic(subnet, port, wanted);
        if (wanted is null) await Add(tx, subnet, port.Id, await Free(tx, subnet) ?? throw Exhausted(port.NetworkId), position);
        else await Add(tx, subnet, port.Id, await Exactly(tx, subnet, wanted.Value), position);
    }

    private static Ip Automatic(SubnetRow subnet, PortRow port, Ip? wanted)
    {
        var own = Cidr.Of(subnet.Cidr).Eui64(port.Mac);
        return wanted is null || wanted == own ? own
            : throw CloudError.Invalid($"IPv6 address {wanted} cannot be directly assigned to a port on subnet {subnet.Id} as the subnet is configured for automatic addresses", "AllocationOnAutoAddressSubnet");
    }

    private static async Task<Ip> Exactly(Tx tx, SubnetRow subnet, Ip wanted)
    {
        var cidr = Cidr.Of(subnet.Cidr);
        if (!cidr.Usable(wanted)) throw CloudError.Invalid($"IP address {wanted} is not a valid IP for the specified subnet.", "InvalidIpForSubnet");
        var key = cidr.Key(wanted);
        if (await tx.Db<NetworkDb>().Addresses.AnyAsync(a => a.SubnetId == subnet.Id && a.Number == key))
            throw CloudError.Conflict($"IP address {wanted} already allocated in subnet {subnet.Id}", "IpAddressAlreadyAllocated");
        return wanted;
    }

    /// <summary>The lowest address of the pools that nobody has: a pool's start, or the one after a taken one.</summary>
    private static async Task<Ip?> Free(Tx tx, SubnetRow subnet)
    {
        var cidr = Cidr.Of(subnet.Cidr);
        var addresses = tx.Db<NetworkDb>().Addresses;
        foreach (var pool in JsonText.List<Pool>(subnet.Pools))
        {
            long start = cidr.Key(Ip.Of(pool.Start)), end = cidr.Key(Ip.Of(pool.End));
            if (!await addresses.AnyAsync(a => a.SubnetId == subnet.Id && a.Number == start)) return cidr.At(start);
            var gap = await addresses
                .Where(a => a.SubnetId == subnet.Id && a.Number >= start && a.Number < end && !addresses.Any(b => b.SubnetId == subnet.Id && b.Number == a.Number + 1))
                .OrderBy(a => a.Number).Select(a => (long?)(a.Number + 1)).FirstOrDefaultAsync();
            if (gap is not null) return cidr.At(gap.Value);
        }
        return null;
    }

    private static Task Add(Tx tx, SubnetRow subnet, string portId, Ip address, int position)
    {
        tx.Db<NetworkDb>().Add(new PortAddressRow
        {
            SubnetId = subnet.Id, NetworkId = subnet.NetworkId, PortId = portId, Number = Cidr.Of(subnet.Cidr).Key(address), Ip = address.ToString(), Position = position,
        });
        return tx.Save();
    }

    /// <summary>Changes what a port has into what it wants: addresses that are wanted still stay, so nothing that is in use moves.</summary>
    public static async Task Change(Tx tx, string networkId, string portId, IReadOnlyList<AddressWish> wishes)
    {
        var left = await Of(tx, portId).ToListAsync();
        var missing = new List<AddressWish>();
        foreach (var wish in wishes.OrderBy(w => w.Ip is null))
        {
            var kept = left.FirstOrDefault(a => (wish.Ip is null || a.Ip == wish.Ip) && (wish.SubnetId is null || a.SubnetId == wish.SubnetId));
            if (kept is null) missing.Add(wish);
            else left.Remove(kept);
        }
        var automatic = (await SubnetStore.OfNetwork(tx, networkId)).Where(Ipv6Modes.Automatic).Select(s => s.Id).ToList();
        left.RemoveAll(a => automatic.Contains(a.SubnetId)); // these come with the subnet, asked for or not
        foreach (var gone in left) await tx.Db<NetworkDb>().Addresses.Where(a => a.SubnetId == gone.SubnetId && a.Number == gone.Number).ExecuteDeleteAsync();
        var next = await tx.Db<NetworkDb>().Addresses.Where(a => a.PortId == portId).MaxAsync(a => (int?)a.Position) ?? -1;
        await Take(tx, networkId, portId, missing, next + 1);
    }

    private static CloudError Exhausted(string networkId) => CloudError.Conflict($"No more IP addresses available on network {networkId}.", "IpAddressGenerationFailure");
}
