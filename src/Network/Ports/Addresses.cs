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

    /// <summary>null wishes = one address of the first subnet that has one left.</summary>
    public static async Task Take(Tx tx, string networkId, string portId, IReadOnlyList<AddressWish>? wishes, int position = 0)
    {
        var subnets = await SubnetStore.OfNetwork(tx, networkId);
        if (wishes is null)
        {
            if (subnets.Count > 0) await TakeAny(tx, subnets, networkId, portId);
            return;
        }
        foreach (var wish in wishes) await TakeOne(tx, subnets, networkId, portId, wish, position++);
    }

    private static async Task TakeAny(Tx tx, List<SubnetRow> subnets, string networkId, string portId)
    {
        foreach (var subnet in subnets)
        {
            await tx.Lock("subnet:" + subnet.Id);
            if (await Free(tx, subnet) is not { } number) continue;
            await Add(tx, subnet, portId, number, 0);
            return;
        }
        throw Exhausted(networkId);
    }

    private static async Task TakeOne(Tx tx, List<SubnetRow> subnets, string networkId, string portId, AddressWish wish, int position)
    {
        uint? wanted = wish.Ip is null ? null : Ip4.Wanted("fixed_ips", wish.Ip);
        var subnet = wish.SubnetId is { } id
            ? subnets.SingleOrDefault(s => s.Id == id) ?? throw CloudError.Invalid($"Failed to create port on network {networkId}, because fixed_ips included invalid subnet {id}", "InvalidInput")
            : subnets.FirstOrDefault(s => Cidr4.Of(s.Cidr).Holds(wanted!.Value)) ?? throw CloudError.Invalid($"IP address {wish.Ip} is not a valid IP for any of the subnets on the specified network.", "InvalidIpForNetwork");
        await tx.Lock("subnet:" + subnet.Id);
        if (wanted is null) await Add(tx, subnet, portId, await Free(tx, subnet) ?? throw Exhausted(networkId), position);
        else await Add(tx, subnet, portId, await Exactly(tx, subnet, wanted.Value), position);
    }

    private static async Task<uint> Exactly(Tx tx, SubnetRow subnet, uint wanted)
    {
        if (!Cidr4.Of(subnet.Cidr).Usable(wanted)) throw CloudError.Invalid($"IP address {Ip4.Text(wanted)} is not a valid IP for the specified subnet.", "InvalidIpForSubnet");
        if (await tx.Db<NetworkDb>().Addresses.AnyAsync(a => a.SubnetId == subnet.Id && a.Number == wanted))
            throw CloudError.Conflict($"IP address {Ip4.Text(wanted)} already allocated in subnet {subnet.Id}", "IpAddressAlreadyAllocated");
        return wanted;
    }

    /// <summary>The lowest address of the pools that nobody has: a pool's start, or the one after a taken one.</summary>
    private static async Task<long?> Free(Tx tx, SubnetRow subnet)
    {
        var addresses = tx.Db<NetworkDb>().Addresses;
        foreach (var pool in JsonText.List<Pool>(subnet.Pools))
        {
            long start = Ip4.Of(pool.Start), end = Ip4.Of(pool.End);
            if (!await addresses.AnyAsync(a => a.SubnetId == subnet.Id && a.Number == start)) return start;
            var gap = await addresses
                .Where(a => a.SubnetId == subnet.Id && a.Number >= start && a.Number < end && !addresses.Any(b => b.SubnetId == subnet.Id && b.Number == a.Number + 1))
                .OrderBy(a => a.Number).Select(a => (long?)(a.Number + 1)).FirstOrDefaultAsync();
            if (gap is not null) return gap;
        }
        return null;
    }

    private static Task Add(Tx tx, SubnetRow subnet, string portId, long number, int position)
    {
        tx.Db<NetworkDb>().Add(new PortAddressRow { SubnetId = subnet.Id, NetworkId = subnet.NetworkId, PortId = portId, Number = number, Ip = Ip4.Text(number), Position = position });
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
        foreach (var gone in left) await tx.Db<NetworkDb>().Addresses.Where(a => a.SubnetId == gone.SubnetId && a.Number == gone.Number).ExecuteDeleteAsync();
        var next = await tx.Db<NetworkDb>().Addresses.Where(a => a.PortId == portId).MaxAsync(a => (int?)a.Position) ?? -1;
        await Take(tx, networkId, portId, missing, next + 1);
    }

    private static CloudError Exhausted(string networkId) => CloudError.Conflict($"No more IP addresses available on network {networkId}.", "IpAddressGenerationFailure");
}
