using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;

namespace Xiangyun.Store.Tasks;

/// <summary>One copy that is being counted. Disposing it is its end.</summary>
public sealed class Meter : IAsyncDisposable
{
    private const long Kept = 24L * 3_600_000;
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly string _id;
    private readonly long _beganAt;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _notes;
    private long _done, _total;
    private (long At, long Done) _last;
    private bool _noted;

    internal Meter(Database database, TimeProvider clock, string id, long? total)
    {
        (_database, _clock, _id, _total, _beganAt) = (database, clock, id, total ?? 0, clock.Ms());
        _last = (_beganAt, 0);
        _notes = Task.Run(Notes);
    }

    /// <summary>How much it will be, when that is learnt later than it began.</summary>
    public long? Total { set => Volatile.Write(ref _total, value ?? 0); }

    /// <summary>Why it ended without an end.</summary>
    public string? Error { get; set; }

    public void Add(long bytes) => Interlocked.Add(ref _done, bytes);

    public void Is(long done) => Interlocked.Exchange(ref _done, done);

    private async Task Notes()
    {
        using var timer = new PeriodicTimer(Meters.Beat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token)) await Quietly(null);
        }
        catch (OperationCanceledException)
        {
            // it is over
        }
    }

    /// <summary>What is counted matters less than the copy: a note that cannot be written is left out.</summary>
    private async Task Quietly(long? ended)
    {
        try
        {
            await Note(ended);
        }
        catch (Exception)
        {
            // the next one, or its owner, tells how it went on
        }
    }

    private Task Note(long? ended)
    {
        var (now, done, total) = (_clock.Ms(), Interlocked.Read(ref _done), Volatile.Read(ref _total));
        var rate = now > _last.At ? (done - _last.Done) * 1000 / (now - _last.At) : 0;
        var first = !_noted;
        (_last, _noted) = ((now, done), true);
        return _database.Write(Actor.System, async tx =>
        {
            var rows = tx.Db<ProgressDb>().Progress;
            if (first)
            {
                await rows.Where(p => p.Id == _id || p.At < tx.Now - Kept).ExecuteDeleteAsync();
                tx.Db<ProgressDb>().Add(new ProgressRow { Id = _id, BeganAt = _beganAt, At = tx.Now, Done = done, Total = total > 0 ? total : null, Rate = rate, EndedAt = ended, Error = Error });
            }
            else
            {
                await rows.Where(p => p.Id == _id && p.BeganAt == _beganAt).ExecuteUpdateAsync(s => s.SetProperty(p => p.At, tx.Now).SetProperty(p => p.Done, done).SetProperty(p => p.Total, total > 0 ? total : null).SetProperty(p => p.EndedAt, ended).SetProperty(p => p.Error, Error)
                    .SetProperty(p => p.Rate, p => ended == null ? (p.Rate == null ? rate : (p.Rate + rate) / 2) : p.Rate));
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _notes;
        if (_noted) await Quietly(_clock.Ms());
        _over.Dispose();
    }
}
