namespace Xiangyun.Capacity.WhatIf;

/// <summary>How full one zone is, or the cloud.</summary>
/// <param name="InUse">Hosts that hold anything.</param>
/// <param name="CpuPercent">Processors in use, of those built in and alive.</param>
internal sealed record Picture(int Hosts, int InUse, Load Capacity, Load Allocated, double? CpuPercent);

/// <summary>Whether the loss of one more host could be borne, and of which not.</summary>
/// <param name="Worst">The host whose servers would not all find another place; null = any one may fail.</param>
/// <param name="Stranded">How many of its servers.</param>
internal sealed record Reserve(bool Held, string? Worst, int Stranded);

/// <param name="Fits">Of what is added, so many find a place.</param>
/// <param name="Stranded">Servers of lost hosts that find none.</param>
internal sealed record Outcome(IReadOnlyList<(Addition Wanted, int Fits)> Added, int Moved, IReadOnlyList<PoolServer> Stranded, Picture Before, Picture After, IReadOnlyDictionary<string, (Picture Before, Picture After)> Zones, Reserve ReserveBefore, Reserve ReserveAfter);

/// <summary>
/// What would be if: servers added, hosts lost or bought, another overcommit. A pure function of the estate and the question; servers of a lost host and new ones
/// take, one after the other and the largest first, the host of their zone that is left with the least room.
/// </summary>
internal static class Asking
{
    private const int MostSuspects = 10;

    public static Outcome Of(Pool pool, Change change)
    {
        var before = pool.Hosts.Where(h => h.Up).ToList();
        var kept = before.Where(h => !change.Lose.Contains(h.Id)).Select(h => Overcommitted(h, change)).ToList();
        kept.AddRange(change.Buy.SelectMany((b, i) => Enumerable.Range(1, b.Count).Select(n => Overcommitted(Bought(b, i, n, before), change))));
        var floor = new Floor(kept);
        var lost = pool.Servers.Where(s => change.Lose.Contains(s.HostId)).OrderByDescending(s => s.Needs.RamMib).ThenByDescending(s => s.Needs.Vcpus).ToList();
        var zones = pool.Hosts.ToDictionary(h => h.Id, h => h.Zone);
        var stranded = lost.Where(s => floor.Place(s.Needs, zones[s.HostId]) < 0).ToList();
        var added = change.Add.Select(a => (a, Enumerable.Range(0, a.Count).TakeWhile(_ => floor.Place(a.Needs, a.Zone) >= 0).Count())).ToList();
        var (busy, after) = (before.Sum(h => h.Busy), floor.Hosts);
        var names = before.Concat(after).Select(h => h.Zone).Distinct().Order(StringComparer.Ordinal);
        return new Outcome(added, lost.Count - stranded.Count, stranded, Look(before, busy), Look(after, busy), names.ToDictionary(z => z, z => (Look(Of(before, z), Of(before, z).Sum(h => h.Busy)), Look(Of(after, z), Of(before, z).Sum(h => h.Busy)))), Spare(before, pool.Servers), Spare(after, [.. pool.Servers.Where(s => !change.Lose.Contains(s.HostId))]));
    }

    private static List<PoolHost> Of(IReadOnlyList<PoolHost> hosts, string zone) => [.. hosts.Where(h => h.Zone == zone)];

    private static PoolHost Overcommitted(PoolHost h, Change c) => c.RatioZone is { } zone && h.Zone != zone ? h : h with { Ratio = h.Ratio with { Vcpus = c.CpuRatio ?? h.Ratio.Vcpus, RamMib = c.RamRatio ?? h.Ratio.RamMib } };

    /// <summary>With the overcommit that its zone has, and the reserve that a new host gets.</summary>
    private static PoolHost Bought(Purchase b, int order, int n, IReadOnlyList<PoolHost> beside)
    {
        var ratio = (beside.FirstOrDefault(h => h.Zone == b.Zone) ?? beside.FirstOrDefault())?.Ratio ?? new Load(1, 1, 1);
        return new PoolHost($"new-{order + 1}-{n}", $"new-{order + 1}-{n}", b.Zone, true, b.Each, new Load(0, Math.Min(512, Math.Floor(b.Each.RamMib / 10)), 0), ratio, default, 0);
    }

    /// <param name="busy">Who moves or is added takes its load along; what was measured stays the sum.</param>
    private static Picture Look(IReadOnlyList<PoolHost> hosts, double busy) => new(hosts.Count, hosts.Count(h => h.Allocated != default), Sum(hosts, h => h.Capacity), Sum(hosts, h => h.Allocated), hosts.Sum(h => h.Physical.Vcpus) is > 0 and var all ? 100 * busy / all : null);

    private static Load Sum(IEnumerable<PoolHost> hosts, Func<PoolHost, Load> of) => hosts.Select(of).Aggregate(default(Load), (a, b) => a + b);

    /// <summary>The hosts that would be missed most are tried: those with the most memory and the most processors handed out.</summary>
    private static Reserve Spare(IReadOnlyList<PoolHost> hosts, IReadOnlyList<PoolServer> servers)
    {
        var on = servers.ToLookup(s => s.HostId);
        var suspects = hosts.OrderByDescending(h => h.Allocated.RamMib).Take(MostSuspects).Concat(hosts.OrderByDescending(h => h.Allocated.Vcpus).Take(MostSuspects)).Distinct();
        var worst = new Reserve(true, null, 0);
        foreach (var host in suspects)
        {
            var floor = new Floor([.. hosts.Where(h => h.Id != host.Id)]);
            var homeless = on[host.Id].OrderByDescending(s => s.Needs.RamMib).Count(s => floor.Place(s.Needs, host.Zone) < 0);
            if (homeless > worst.Stranded) worst = new Reserve(false, host.Name, homeless);
        }
        return worst;
    }
}

/// <summary>Hosts that are filled one server after the other.</summary>
internal sealed class Floor(IReadOnlyList<PoolHost> hosts)
{
    private readonly Load[] _free = [.. hosts.Select(h => h.Capacity - h.Allocated)];

    public IReadOnlyList<PoolHost> Hosts => [.. hosts.Select((h, i) => h with { Allocated = h.Capacity - _free[i] })];

    /// <returns>Which host took it; -1 = none of the zone has room.</returns>
    public int Place(Load needs, string? zone)
    {
        var (best, least) = (-1, double.MaxValue);
        for (var i = 0; i < _free.Length; i++)
        {
            if (!_free[i].Holds(needs) || zone is not null && hosts[i].Zone != zone) continue;
            var whole = hosts[i].Capacity;
            var left = (_free[i].Vcpus - needs.Vcpus) / Math.Max(1, whole.Vcpus) + (_free[i].RamMib - needs.RamMib) / Math.Max(1, whole.RamMib);
            if (left < least) (best, least) = (i, left);
        }
        if (best >= 0) _free[best] -= needs;
        return best;
    }
}
