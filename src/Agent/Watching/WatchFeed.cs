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
        try
        {
            while (true)
            {
                var seen = await watcher.Next(Beat, ct);
                seen.PlanGeneration = at.Plan.Generation;
                seen.Usage = await Usage.Of(at, ct);
                await write(seen);
                await Task.Delay(Gather, clock, ct);
            }
        }
        catch (OperationCanceledException) { } // the server went away
        catch (InvalidOperationException) when (ct.IsCancellationRequested) { } // it went away while being written to
    }
}
