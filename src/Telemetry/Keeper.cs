using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;
using Xiangyun.Store;

namespace Xiangyun.Telemetry;

/// <summary>
/// Writes the rings down: a twelfth of them every five minutes, so each once an hour, and all when the server stops. A server that is killed loses
/// at most the last hour of what is remembered, and nothing else.
/// </summary>
internal sealed class Keeper(Memory memory, Database database, Swings swings, TimeProvider clock, ILogger<Keeper> log) : BackgroundService
{
    private const int Parts = 12, Batch = 500;
    private const long Month = 30L * 24 * Ring.Hour;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Round, clock);
        for (var part = 0; await timer.WaitForNextTickAsync(stop).AsTask().ContinueWith(t => t is { IsCompletedSuccessfully: true, Result: true }, TaskScheduler.Default); part = (part + 1) % Parts)
        {
            try
            {
                await Write(id => (uint)id.GetHashCode() % Parts == part);
                memory.Forget(clock.Ms() - Month);
                await database.Write(Actor.System, tx => tx.Db<TelemetryDb>().Rings.Where(r => r.At < tx.Now - Month).ExecuteDeleteAsync());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.NotKept(e);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Write(_ => true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.NotKept(e);
        }
    }

    internal async Task Write(Func<string, bool> which)
    {
        foreach (var batch in memory.Rings.Where(r => r.Value.Dirty && which(r.Key)).ToList().Chunk(Batch))
        {
            var rows = batch.Select(r => { lock (r.Value) { swings.Note(r.Key, r.Value.OfMonth()); return new RingRow { Id = r.Key, At = r.Value.TouchedAt, Data = r.Value.Write() }; } }).ToList();
            var ids = rows.ConvertAll(r => r.Id);
            await database.Write(Actor.System, async tx =>
            {
                var db = tx.Db<TelemetryDb>();
                await db.Rings.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync();
                db.AddRange(rows);
            });
        }
    }
}
