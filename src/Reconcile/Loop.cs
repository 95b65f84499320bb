using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Work;

namespace Xiangyun.Reconcile;

/// <summary>
/// Claims due keys and runs their reconcilers side by side. A lease is short and renewed while its worker lives: after a
/// crash the key is taken again within seconds, for nothing that is wanted lives in memory only.
/// </summary>
internal sealed class Loop(WorkTable work, WorkSignal signal, Database database, IEnumerable<IReconciler> reconcilers, TimeProvider clock, ILogger<Loop> log) : BackgroundService
{
    public static readonly ActivitySource Activities = new("Xiangyun.Reconcile");

    private const int Workers = 32;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IReconciler> _byKind = reconcilers.ToDictionary(r => r.Kind);
    private readonly SemaphoreSlim _slots = new(Workers, Workers);
    private readonly ConcurrentDictionary<WorkItem, long> _held = new();

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        var beside = _byKind.Values.Select(r => FullPasses(r, stop)).Append(Renewals(stop)).ToList();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var free = _slots.CurrentCount;
                var items = free == 0 ? [] : await work.Claim(free, Lease, stop);
                foreach (var item in items)
                {
                    await _slots.WaitAsync(stop);
                    _held[item] = Stopwatch.GetTimestamp();
                    _ = Task.Run(() => Work(item, stop), CancellationToken.None);
                }
                if (items.Count == 0) await signal.Wait(Poll, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.ClaimFailed(e);
                await Task.Delay(Poll, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.WhenAll(beside);
        for (var i = 0; i < Workers; i++) await _slots.WaitAsync(CancellationToken.None); // each gives back what it holds
    }

    private async Task Work(WorkItem item, CancellationToken stop)
    {
        try
        {
            using var activity = Activities.StartActivity($"reconcile {item.Kind}");
            activity?.SetTag("xiangyun.id", item.Id);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Limit);
            if (!_byKind.TryGetValue(item.Kind, out var reconciler)) throw new InvalidOperationException($"nothing reconciles '{item.Kind}'");
            var next = await reconciler.Reconcile(item.Id, limit.Token);
            await work.Done(item, next.After);
        }
        catch (Exception e)
        {
            if (stop.IsCancellationRequested) await Settle(() => work.GiveBack(item));
            else await Fail(item, e);
        }
        finally
        {
            _held.TryRemove(item, out _);
            _slots.Release();
            signal.Poke();
        }
    }

    private async Task Fail(WorkItem item, Exception e)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Min(MostDelay.TotalMilliseconds, 250 * Math.Pow(2, Math.Min(item.Attempts, 12))));
        if (e is EngineFault or CloudError or OperationCanceledException) log.TryAgain(item.Kind, item.Id, item.Attempts, delay.TotalSeconds, e.Message);
        else log.Broke(item.Kind, item.Id, item.Attempts, delay.TotalSeconds, e);
        await Settle(() => work.Failed(item, e.Message, delay));
    }

    /// <summary>What the table could not be told is told by the end of the lease.</summary>
    private async Task Settle(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception e)
        {
            log.ClaimFailed(e);
        }
    }

    private async Task Renewals(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Renewal, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var old = _held.Where(h => Stopwatch.GetElapsedTime(h.Value) > Renewal).Select(h => h.Key).ToList();
            if (old.Count > 0) await Settle(() => work.Renew(old, Lease));
        }
    }

    private async Task FullPasses(IReconciler reconciler, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var keys = await database.Read(reconciler.Keys, stop);
                foreach (var chunk in keys.Chunk(200))
                    await database.Write(Actor.System, tx => { foreach (var key in chunk) tx.Wake(reconciler.Kind, key); return Task.CompletedTask; }, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.ClaimFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(reconciler.FullPass, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
