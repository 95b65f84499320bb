using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

/// <summary>Ranges of a subnet from which ports get addresses by themselves.</summary>
internal static class PoolRules
{
    /// <summary>Everything but the gateway.</summary>
    public static List<Pool> Around(Cidr4 cidr, string? gateway)
    {
        if (Ip4.Parse(gateway) is not { } hole || !cidr.Usable(hole)) return [new Pool(Ip4.Text(cidr.First), Ip4.Text(cidr.Last))];
        var pools = new List<Pool>();
        if (hole > cidr.First) pools.Add(new Pool(Ip4.Text(cidr.First), Ip4.Text(hole - 1)));
        if (hole < cidr.Last) pools.Add(new Pool(Ip4.Text(hole + 1), Ip4.Text(cidr.Last)));
        return pools;
    }

    public static List<Pool> Read(Cidr4 cidr, Fields fields)
    {
        var pools = new List<Pool>();
        foreach (var item in fields.ObjectsOr("allocation_pools") ?? [])
        {
            var pool = new Pool(Ip4.Text(Ip4.Wanted("allocation_pools", item.Text("start"))), Ip4.Text(Ip4.Wanted("allocation_pools", item.Text("end"))));
            item.Done();
            if (Ip4.Of(pool.Start) > Ip4.Of(pool.End)) throw CloudError.Invalid($"The allocation pool {pool.Start}-{pool.End} is not valid.", "InvalidAllocationPool");
            if (!cidr.Usable(Ip4.Of(pool.Start)) || !cidr.Usable(Ip4.Of(pool.End)))
                throw CloudError.Invalid($"The allocation pool {pool.Start}-{pool.End} spans beyond the subnet cidr {cidr}.", "OutOfBoundsAllocationPool");
            pools.Add(pool);
        }
        var sorted = pools.OrderBy(p => Ip4.Of(p.Start)).ToList();
        for (var i = 1; i < sorted.Count; i++)
            if (Ip4.Of(sorted[i].Start) <= Ip4.Of(sorted[i - 1].End))
                throw CloudError.Conflict($"Found overlapping allocation pools: {sorted[i - 1].Start}-{sorted[i - 1].End} {sorted[i].Start}-{sorted[i].End} for subnet {cidr}.", "OverlappingAllocationPools");
        return sorted;
    }

    public static void RefuseGatewayInside(IEnumerable<Pool> pools, string? gateway)
    {
        if (Ip4.Parse(gateway) is not { } address) return;
        foreach (var pool in pools)
            if (address >= Ip4.Of(pool.Start) && address <= Ip4.Of(pool.End))
                throw CloudError.Conflict($"Gateway ip {gateway} conflicts with allocation pool {pool.Start}-{pool.End}.", "GatewayConflictWithAllocationPools");
    }
}
