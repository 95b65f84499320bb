namespace Xiangyun.Consolidation.Policies;

/// <summary>A host with what it offers and what each server on it has booked, class by class.</summary>
internal sealed record Standing(string HostId, IReadOnlyList<double> Offers, IReadOnlyList<IReadOnlyList<double>> Servers);

/// <summary>
/// Beyond Fleet's sums (its Reserve): would what failed hosts held still fit into those that are left? The hosts that hold most of each class are taken to fail, and the servers are
/// packed one by one, the largest first, as evacuation would. Pure.
/// </summary>
internal static class Survival
{
    public static bool Holds(IReadOnlyList<Standing> hosts, int failures)
    {
        if (failures == 0) return true;
        if (hosts.Count <= failures) return hosts.All(h => h.Servers.Count == 0) && hosts.Count > 0;
        var classes = hosts[0].Offers.Count;
        return Enumerable.Range(0, classes).All(k => Fits(hosts, [.. hosts.OrderByDescending(h => h.Servers.Sum(s => s[k])).Take(failures).Select(h => h.HostId)]));
    }

    private static bool Fits(IReadOnlyList<Standing> hosts, HashSet<string> lost)
    {
        var free = hosts.Where(h => !lost.Contains(h.HostId)).Select(h => h.Offers.Select((o, k) => o - h.Servers.Sum(s => s[k])).ToArray()).ToList();
        foreach (var server in hosts.Where(h => lost.Contains(h.HostId)).SelectMany(h => h.Servers).OrderByDescending(s => s.Count > 1 ? s[1] : s[0]))
        {
            if (free.Find(f => f.Zip(server).All(p => p.First >= p.Second)) is not { } host) return false;
            for (var k = 0; k < host.Length; k++) host[k] -= server[k];
        }
        return true;
    }

    /// <summary>
    /// How much more of one class may be admitted so that the hosts without the largest ones still hold all: by sums, as admission must be quick. What
    /// does not divide evenly among hosts is seen by <see cref="Holds"/>, before hosts are switched off.
    /// </summary>
    public static long Left(IEnumerable<(long Capacity, long Used)> hosts, int failures)
    {
        var all = hosts.OrderByDescending(h => h.Capacity).ToList();
        return all.Skip(failures).Sum(h => h.Capacity) - all.Sum(h => h.Used);
    }
}
