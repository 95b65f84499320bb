using Xiangyun.Engines.Guests;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Watching;

/// <summary>
/// What each running guest used between two looks, once for all servers that watch. Engines count; two counts make a rate. A guest that
/// began in between, or whose counters went back, is told of after the next look.
/// </summary>
internal sealed class Sampler(IGuestEngine guests, TimeProvider clock, TimeSpan period)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private Dictionary<string, GuestUse> _before = [];
    private long _lookedAt;
    private (long At, IReadOnlyList<GuestSample> Guests) _last = (0, []);

    /// <returns>The newest look, and when it was (0: there is none yet).</returns>
    /// <exception cref="EngineFault">The engine does not answer.</exception>
    public async Task<(long At, IReadOnlyList<GuestSample> Guests)> Newest(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var now = clock.Ms();
            if (now - _lookedAt < period.TotalMilliseconds) return _last;
            var uses = (await guests.Use(ct)).ToDictionary(u => u.Id);
            var passed = now - _lookedAt;
            if (_lookedAt > 0) _last = (now, [.. uses.Values.Where(u => _before.TryGetValue(u.Id, out var then) && then.CpuMs <= u.CpuMs).Select(u => Between(_before[u.Id], u, passed))]);
            (_before, _lookedAt) = (uses, now);
            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    private static GuestSample Between(GuestUse then, GuestUse now, long ms)
    {
        float Rate(long after, long before) => (float)(Math.Max(0, after - before) * 1000.0 / ms);
        var sample = new GuestSample
        {
            Id = now.Id, Vcpus = now.Vcpus, CpuBusy = Math.Max(0, now.CpuMs - then.CpuMs) / (float)ms, MemoryMib = now.MemoryMib,
            DiskReadBps = Rate(now.DiskReadBytes, then.DiskReadBytes), DiskWriteBps = Rate(now.DiskWrittenBytes, then.DiskWrittenBytes), NetInBps = Rate(now.NetInBytes, then.NetInBytes), NetOutBps = Rate(now.NetOutBytes, then.NetOutBytes),
        };
        if (now.WaitMs is { } waited && then.WaitMs is { } earlier) sample.CpuWait = Math.Max(0, waited - earlier) / (float)ms;
        if (now.ResidentMib is { } resident) sample.ResidentMib = resident;
        if (now.UsedMib is { } used) sample.UsedMib = used;
        if (now.MajorFaults is { } faults && then.MajorFaults is { } before) sample.MajorFaults = Rate(faults, before);
        return sample;
    }
}
