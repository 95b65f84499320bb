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
internal sealed class Memory(Database database, TimeProvider clock, Swings swings) : IUseIntake, ITelemetry
{
    /// <summary>Rings are written down once an hour; one that nobody here touched for longer may be somebody else's.</summary>
    private const long Late = 3 * Ring.Hour / 2;
    /// <summary>Per cent: processors that are taken to this part have nothing left.</summary>
    private const double Taken = 99.5;
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
            var ring = RingOf(g.Id);
            lock (ring) ring.Take(at, use.CpuPercent, use.UsedMib is { } used && use.MemoryMib > 0 ? 100.0 * used / use.MemoryMib : -1, use.CpuWait is { } wait && use.Vcpus > 0 ? 100 * wait / use.Vcpus : -1, use.DiskReadBps + use.DiskWriteBps, use.NetInBps + use.NetOutBps, use.MajorFaults ?? -1);
        }
        if (seen.Usage is not { } usage) return;
        var host = RingOf(Host(hostId));
        var wanted = usage.CpuPercent + (vcpus > 0 ? 100 * seen.Guests.Sum(g => g.HasCpuWait ? g.CpuWait : 0) / vcpus : 0);
        lock (host) host.Take(at, usage.CpuPercent, memoryMib > 0 ? 100.0 * usage.MemoryUsedMib / memoryMib : -1, wanted >= Taken ? Ring.Short : 0);
    }

    private Ring RingOf(string id) => _rings.GetOrAdd(id, _ => new Ring());

    public async Task<IReadOnlyDictionary<string, UseProfile>> Profiles(IReadOnlyCollection<string> ids)
    {
        await Recall([.. ids]);
        var found = new Dictionary<string, UseProfile>(ids.Count);
        foreach (var id in ids)
            if (_rings.TryGetValue(id, out var ring))
                lock (ring) found[id] = Profile.Of(ring.OfMonth(), ring.Waited(), ring.OfDays()) with { Swing = swings.Of(id) };
        return found;
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<UsePoint>>> Months(IReadOnlyCollection<string> ids)
    {
        await Recall([.. ids]);
        var found = new Dictionary<string, IReadOnlyList<UsePoint>>(ids.Count);
        foreach (var id in ids)
            if (_rings.TryGetValue(id, out var ring))
                lock (ring) found[id] = ring.OfMonth();
        return found;
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ShortHour>>> Shortages(IReadOnlyCollection<string> hostIds)
    {
        await Recall([.. hostIds.Select(Host)]);
        var found = new Dictionary<string, IReadOnlyList<ShortHour>>(hostIds.Count);
        foreach (var id in hostIds)
            if (_rings.TryGetValue(Host(id), out var ring))
                lock (ring) found[id] = ring.OfShort();
        return found;
    }

    public IReadOnlyList<string> SwingWith(int group) => swings.Members(group);

    /// <summary>What is too old to be told of; it is kept in the database until its month is over.</summary>
    public void Forget(long before)
    {
        foreach (var (id, ring) in _rings)
            if (!ring.Dirty && ring.TouchedAt < before && _rings.TryRemove(id, out _) && swings.Forget(id) && _now.TryRemove(id, out var use) && _onHost.TryGetValue(use.HostId, out var ids)) ids.TryRemove(id, out _);
    }

    /// <summary>What this process never had, or what another one may know better by now.</summary>
    private async Task Recall(IReadOnlyList<string> ids)
    {
        var late = clock.Ms() - Late;
        var unknown = ids.Where(id => !_rings.TryGetValue(id, out var ring) || !ring.Dirty && ring.TouchedAt < late).ToList();
        if (unknown.Count == 0) return;
        foreach (var row in await database.Read(q => q.Db<TelemetryDb>().Rings.Where(r => unknown.Contains(r.Id)).ToListAsync()))
            if (Ring.Read(row.Data) is { } ring) _rings.AddOrUpdate(row.Id, ring, (_, old) => old.Dirty || old.TouchedAt >= ring.TouchedAt ? old : ring);
    }
}
