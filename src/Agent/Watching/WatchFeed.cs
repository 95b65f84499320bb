using Xiangyun.Agent.Hosts;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Watching;

/// <summary>Feeds one watcher: everything first, then each change, and a sign of life in between.</summary>
internal static class WatchFeed
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    public static async Task Run(Workplace at, TimeProvider clock, Func<Seen, Task> write, CancellationToken ct)
    {
        using var watcher = at.Board.Watch();
        var told = 0L;
        try
        {
            while (true)
            {
                var seen = await watcher.Next(Beat, ct);
                seen.PlanGeneration = at.Plan.Generation;
                seen.Usage = await Usage.Of(at, ct);
                told = await Sample(at, seen, told, ct);
                await write(seen);
                await Task.Delay(Gather, clock, ct);
            }
        }
        catch (OperationCanceledException) { } // the server went away
        catch (InvalidOperationException) when (ct.IsCancellationRequested) { } // it went away while being written to
    }

    /// <returns>When the newest look was that this watcher knows of.</returns>
    private static async Task<long> Sample(Workplace at, Seen seen, long told, CancellationToken ct)
    {
        try
        {
            var (lookedAt, guests) = await at.Sampler.Newest(ct);
            if (lookedAt == told) return told;
            seen.SampledAtMs = lookedAt;
            seen.Guests.Add(guests);
            return lookedAt;
        }
        catch (EngineFault e)
        {
            at.Log.SweepFailed(at.Host, e.Message);
            return told;
        }
    }
}
