namespace Xiangyun.Fleet.Public;

/// <summary>
/// The N+1 reserve of a zone: all that is promised there must fit on the hosts that take servers even after the largest of them fails. Summed up
/// by resource class: it does not tell whether one very large server finds one host with room for it.
/// </summary>
public static class Reserve
{
    /// <summary>May these hosts of a zone go, all together?</summary>
    /// <param name="zone">Every host of the zone, also those that take no servers: what is promised there counts.</param>
    /// <param name="leaving">Hosts that are to be switched off.</param>
    /// <returns>null = the reserve holds without them; else what is short, in plain words.</returns>
    public static string? WhyNot(IReadOnlyList<HostView> zone, IReadOnlyDictionary<string, HostLoad> loads, IReadOnlySet<string> leaving)
    {
        var staying = zone.Where(h => h.TakesServers && !leaving.Contains(h.Id) && loads.ContainsKey(h.Id)).ToList();
        var promised = zone.Where(h => loads.ContainsKey(h.Id)).SelectMany(h => loads[h.Id].Used).GroupBy(u => u.Key).ToDictionary(g => g.Key, g => g.Sum(u => u.Value));
        foreach (var (resource, wanted) in promised.Where(p => p.Value > 0).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            long Room(HostView h) => loads[h.Id].Capacity.GetValueOrDefault(resource);
            var largest = staying.MaxBy(Room);
            var left = staying.Sum(Room) - (largest is null ? 0 : Room(largest));
            if (left < wanted)
                return $"of {resource}, {wanted} are promised in the zone, and the {staying.Count} host(s) that would stay hold {left} when {largest?.Name ?? "one"}, the largest of them, fails";
        }
        return null;
    }
}
