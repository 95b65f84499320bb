using Xiangyun.Store;
using Xiangyun.Store.Figures;

namespace Xiangyun.Fleet.Hosts;

/// <summary>
/// What hosts report of themselves; of those that answer, and as old as the oldest of their reports. In use is who takes servers or carries some: a
/// host that was emptied and closed is not, and its idle processors are no part of the use of the rest.
/// </summary>
internal sealed class HostFigures(HostStore hosts) : IFigures
{
    private const int Reports = 30;

    public async Task<IReadOnlyList<Figure>> Of(Query q)
    {
        var all = await hosts.All(q);
        var alive = all.Where(h => h.Alive).ToList();
        var used = alive.Where(h => h.Enabled || h.RunningServers > 0).ToList();
        var of = alive.Count == 0 ? q.Now : alive.Min(h => h.SeenAt);
        Figure Reported(string key, double value, string unit) => new(key, value, unit, "/hosts") { AsOf = of, Period = Reports };
        List<Figure> figures =
        [
            new("hosts.all", all.Count, "hosts", "/hosts"), new("hosts.alive", alive.Count, "hosts", "/hosts"), new("hosts.simulated", all.Count(h => h.Simulated), "hosts", "/hosts"),
            Reported("hosts.vcpus", alive.Sum(h => h.Vcpus), "vCPU"), Reported("hosts.memory_gib", alive.Sum(h => h.MemoryMib) / 1024.0, "GiB"), Reported("hosts.memory_used_gib", alive.Sum(h => h.MemoryUsedMib) / 1024.0, "GiB"),
            Reported("hosts.guests", alive.Sum(h => h.RunningServers), "servers"), Reported("hosts.in_use", used.Count, "hosts"), Reported("hosts.not_in_use", all.Count - used.Count, "hosts"),
        ];
        if (used.Count > 0) figures.Add(Reported("hosts.guests_each", alive.Sum(h => h.RunningServers) / (double)used.Count, "servers on a host in use"));
        if (used.Sum(h => h.Vcpus) is > 0 and var vcpus) figures.Add(Reported("hosts.cpu_percent", used.Sum(h => h.CpuPercent * h.Vcpus) / vcpus, "% of the physical CPUs in use") with { Each = [.. used.Select(h => h.CpuPercent).OrderDescending()] });
        return figures;
    }
}
