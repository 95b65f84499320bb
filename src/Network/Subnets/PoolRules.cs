using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Network.Subnets;

/// <summary>Ranges of a subnet from which ports get addresses by themselves.</summary>
internal static class PoolRules
{
    /// <summary>Everything but the gateway.</summary>
    public static List<Pool> Around(Cidr cidr, string? gateway)
    {
        if (Ip.Parse(gateway) is not { } hole || !cidr.Usable(hole)) return [Of(cidr.First, cidr.Last)];
        var pools = new List<Pool>();
        if (hole > cidr.First) pools.Add(Of(cidr.First, hole - 1));
        if (hole < cidr.Last) pools.Add(Of(hole + 1, cidr.Last));
        return pools;
    }

    private static Pool Of(Ip start, Ip end) => new(start.ToString(), end.ToString());

    public static List<Pool> Read(Cidr cidr, Fields fields)
    {
        var pools = new List<Pool>();
        foreach (var item in fields.ObjectsOr("allocation_pools") ?? [])
        {
            var (start, end) = (Ip.Wanted("allocation_pools", item.Text("start")), Ip.Wanted("allocation_pools", item.Text("end")));
            item.Done();
            if (start.Version != end.Version || start > end) throw CloudError.Invalid($"The allocation pool {start}-{end} is not valid.", "InvalidAllocationPool");
            if (!cidr.Usable(start) || !cidr.Usable(end)) throw CloudError.Invalid($"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.", "OutOfBoundsAllocationPool");
            pools.Add(Of(start, end));
        }
        var sorted = pools.OrderBy(p => Ip.Of(p.Start).Number).ToList();
        for (var i = 1; i < sorted.Count; i++)
            if (Ip.Of(sorted[i].Start) <= Ip.Of(sorted[i - 1].End))
                throw CloudError.Conflict($"Found overlapping allocation pools: {sorted[i - 1].Start}-{sorted[i - 1].End} {sorted[i].Start}-{sorted[i].End} for subnet {cidr}.", "OverlappingAllocationPools");
        return sorted;
    }

    public static void RefuseGatewayInside(IEnumerable<Pool> pools, string? gateway)
    {
        if (Ip.Parse(gateway) is not { } address) return;
        foreach (var pool in pools)
            if (address >= Ip.Of(pool.Start) && address <= Ip.Of(pool.End))
                throw CloudError.Conflict($"Gateway ip {gateway} conflicts with allocation pool {pool.Start}-{pool.End}.", "GatewayConflictWithAllocationPools");
    }
}
