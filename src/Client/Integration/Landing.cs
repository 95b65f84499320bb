using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>What a host of the cloud still takes, by Placement's own books: vCPUs and memory, overcommit included.</summary>
public sealed record Room(Host Host, long Vcpus, long RamMib, long DiskGib);

/// <summary>Chooses where each server lands: the fullest host that has room, so that no more hosts are on than are needed.</summary>
public static class Landing
{
    /// <returns>Server and host, largest first; a server for which nobody has room is left out.</returns>
    public static IReadOnlyList<(Server Server, Host Host)> Plan(IEnumerable<Room> rooms, IEnumerable<Server> servers)
    {
        var (left, plan) = (rooms.ToList(), new List<(Server, Host)>());
        foreach (var server in servers.OrderByDescending(s => s.Flavor?.Ram ?? 0).ThenBy(s => s.Id, StringComparer.Ordinal))
        {
            var (vcpus, ram, disk) = (server.Flavor?.Vcpus ?? 0, server.Flavor?.Ram ?? 0, server.Flavor?.Disk ?? 0);
            var at = -1;
            for (var i = 0; i < left.Count; i++)
                if (left[i].Vcpus >= vcpus && left[i].RamMib >= ram && left[i].DiskGib >= disk && (at < 0 || left[i].Vcpus < left[at].Vcpus)) at = i;
            if (at < 0) continue;
            left[at] = left[at] with { Vcpus = left[at].Vcpus - vcpus, RamMib = left[at].RamMib - ram, DiskGib = left[at].DiskGib - disk };
            plan.Add((server, left[at].Host));
        }
        return plan;
    }

    /// <summary>What is left when they have landed.</summary>
    public static IReadOnlyList<Room> After(IReadOnlyList<Room> rooms, IReadOnlyList<(Server Server, Host Host)> landed)
    {
        var taken = landed.ToLookup(l => l.Host.Id, l => l.Server.Flavor);
        return [.. rooms.Select(r => r with { Vcpus = r.Vcpus - taken[r.Host.Id].Sum(f => f?.Vcpus ?? 0), RamMib = r.RamMib - taken[r.Host.Id].Sum(f => f?.Ram ?? 0), DiskGib = r.DiskGib - taken[r.Host.Id].Sum(f => f?.Disk ?? 0) })];
    }
}
