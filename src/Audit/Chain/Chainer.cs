using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Audit.Keys;
using Xiangyun.Audit.Retention;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Audit;

namespace Xiangyun.Audit.Chain;

/// <summary>
/// Twice a second: chain what waits, sign when due, prune once an hour. It is no key of the work table, because a wake-up
/// there would be one row that every writer in the cloud had to lock, and it needs no lease, because the database takes
/// each place of the chain only once, whoever offers it (ADR 0070).
/// </summary>
internal sealed class Chainer(Database database, Links links, Notary notary, KeyRing ring, Pruner pruner, TimeProvider clock, ILogger<Chainer> log) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (database.AuditLevel != AuditLevel.Chained)
        {
            log.NotWhole(database.AuditLevel.ToString());
            return;
        }
        var pruned = 0L;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ring.Ready(stop);
                while (await links.Chain(stop) == Links.Batch) await notary.SignWhenDue(stop);
                await notary.SignWhenDue(stop);
                if (clock.Ms() - pruned >= PruneEvery.TotalMilliseconds)
                {
                    await pruner.Prune(stop);
                    pruned = clock.Ms();
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.ChainFailed(e);
            }
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
