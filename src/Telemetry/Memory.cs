using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>
/// Takes in what hosts and guests use and keeps it in memory: the newest sample, and a ring for the past. What another server process, or this one
/// before a restart, has kept is read when the first sample comes.
/// </summary>
internal sealed class Memory(Database database, TimeProvider clock) : IUseIntake, ITelemetry
{
    private readonly ConcurrentDictionary<string, Ring> _rings = new();
    private readonly ConcurrentDictionary<string, UseNow> _now = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _onHost = new();

    public static string Host(string id) => "host:" + id;

    public IEnumerable<KeyValuePair<string, Ring>> Rings => _rings;
    public IEnumerable<UseNow> Newest => _now.Values;

    public UseNow? Now(string id) => _now.GetValueOrDefault(id);

    public IReadOnlyList<UseNow> OnHost(string hostId) => _onHost.TryGetValue(hostId, out var ids) ? [.. ids.Keys.Select(Now).OfType<UseNow>().Where(u => u.HostId == hostId)] : [];

    public async Task<IReadOnlyList<UsePoint>> History(string id, bool month)
    {
        await Recall([id]);
        if (!_rings.TryGetValue(id, out var ring)) return [];
        lock (ring) return month ? ring.OfMonth() : ring.OfDay();
    }

    public async Task Take(string hostId, int vcpus, long memoryMib, Seen seen)
    {
        if (seen.Guests.Count == 0) return;
        var at = Math.Min(seen.SampledAtMs, clock.Ms());
        await Recall([Host(hostId), .. seen.Guests.Select(g => g.Id)]);
        foreach (var g in seen.Guests)
        {
            var use = new UseNow(g.Id, hostId, at, g.Vcpus, g.CpuBusy, g.HasCpuWait ? g.CpuWait : null, g.MemoryMib, g.HasResidentMib ? g.ResidentMib : null, g.HasUsedMib ? g.UsedMib : null, g.HasMajorFaults ? g.MajorFaults : null, g.DiskReadBps, g.DiskWriteBps, g.NetInBps, g.NetOutBps);
            _now[g.Id] = use;
            _onHost.GetOrAdd(hostId, _ => new()).TryAdd(g.Id, 0);
            Note(g.Id, at, use.CpuPercent, use.UsedMib is { } used && use.MemoryMib > 0 ? 100.0 * used / use.MemoryMib : -1);
        }
        if (seen.Usage is { } usage) Note(Host(hostId), at, usage.CpuPercent, memoryMib > 0 ? 100.0 * usage.MemoryUsedMib / memoryMib : -1);
    }

    private void Note(string id, long at, double cpu, double memory)
    {
        var ring = _rings.GetOrAdd(id, _ => new Ring());
        lock (ring) ring.Take(at, cpu, memory);
    }

    /// <summary>What is too old to be told of; it is kept in the database until its month is over.</summary>
    public void Forget(long before)
    {
        foreach (var (id, ring) in _rings)
            if (!ring.Dirty && ring.TouchedAt < before && _rings.TryRemove(id, out _) && _now.TryRemove(id, out var use) && _onHost.TryGetValue(use.HostId, out var ids)) ids.TryRemove(id, out _);
    }

    private async Task Recall(IReadOnlyList<string> ids)
    {
        var unknown = ids.Where(id => !_rings.ContainsKey(id)).ToList();
        if (unknown.Count == 0) return;
        foreach (var row in await database.Read(q => q.Db<TelemetryDb>().Rings.Where(r => unknown.Contains(r.Id)).ToListAsync()))
            if (Ring.Read(row.Data) is { } ring) _rings.TryAdd(row.Id, ring);
    }
}
