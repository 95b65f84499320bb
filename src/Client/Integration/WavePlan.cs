using Xiangyun.Client.Records;

namespace Xiangyun.Client.Integration;

/// <summary>One wave before anything moves, and the estate as it is expected to be after it.</summary>
/// <param name="Left">Servers for which the cloud has no room.</param>
/// <param name="Retired">Hosts that this wave retires.</param>
/// <param name="CloudHosts">Hosts of the cloud in use after it.</param>
/// <param name="Woken">Those of them that are needed for this wave first.</param>
/// <param name="On">All hosts in use after it.</param>
/// <param name="Use">Their expected use, per cent; null: no host reports.</param>
/// <param name="Watts">What the estate is expected to draw after it.</param>
public sealed record PlannedWave(int Number, IReadOnlyList<Island> Islands, int Servers, int RamMib, int Left, int Retired, int CloudHosts, int Woken, int On, double? Use, double Watts);

/// <summary>
/// What the walk would do from here, wave by wave, by the same rules: the order of <see cref="Walk.Order"/> and the hosts of <see cref="Landing"/>. What it
/// expects is what servers use and hosts draw now: nobody forecasts here. Pure.
/// </summary>
public static class WavePlan
{
    public static IReadOnlyList<PlannedWave> Of(Standing now, IReadOnlyList<Room> rooms, EnergyNow draw, EnergyTerms terms)
    {
        var (waiting, waves, left) = (Walk.Order(now).ToList(), new List<PlannedWave>(), rooms);
        var (drawn, used) = (draw.Hosts.ToDictionary(h => h.Id, h => h.Watts ?? 0), now.Cloud.Hosts.Where(Standing.InUse).Select(h => h.Id).ToHashSet());
        var (inUse, cloud, watts, busy) = (now.Hosts.Where(Standing.InUse).ToDictionary(h => h.Id), now.Cloud.Hosts.ToDictionary(h => h.Id), draw.Watts, now.Hosts.Where(Standing.InUse).Sum(Busy));
        for (var at = 0; at < waiting.Count;)
        {
            var (number, count) = Walk.WaveAt(now.Closed + at, now.Islands.Count);
            var (islands, woken, homeless) = (waiting.Skip(at).Take(count).ToList(), 0, 0);
            at += islands.Count;
            foreach (var island in islands)
            {
                var landing = Landing.Plan(left, island.Servers);
                left = Landing.After(left, landing);
                homeless += island.Servers.Count - landing.Count;
                foreach (var host in landing.Select(l => cloud[l.Host.Id]).DistinctBy(h => h.Id).Where(h => used.Add(h.Id)))
                {
                    (inUse[host.Id], woken) = (host, woken + 1);
                    if (drawn.GetValueOrDefault(host.Id) == 0) watts += host.Vcpus * terms.WattsPerCore[0]; // it is off
                }
                // an old host's idle power goes; what its servers use goes on in the cloud
                watts += island.Hosts.Where(Standing.InUse).Sum(Busy) * (terms.WattsPerCore[^1] - terms.WattsPerCore[0]) - island.Hosts.Sum(h => drawn.GetValueOrDefault(h.Id));
                foreach (var host in island.Hosts) inUse.Remove(host.Id);
            }
            waves.Add(new PlannedWave(number, islands, islands.Sum(i => i.Servers.Count), islands.Sum(i => i.RamMib), homeless, islands.Sum(i => i.Hosts.Count), used.Count, woken, inUse.Count,
                inUse.Values.Sum(h => h.Vcpus) is > 0 and var vcpus ? 100 * busy / vcpus : null, Math.Max(0, watts)));
        }
        return waves;
    }

    /// <summary>Processors in use.</summary>
    private static double Busy(Host host) => host.CpuPercent / 100 * host.Vcpus;
}
