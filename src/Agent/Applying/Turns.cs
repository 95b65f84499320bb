using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Ledger;

namespace Xiangyun.Agent.Applying;

/// <summary>
/// Runs turns: one at a time per key, many keys side by side, again when poked meanwhile, later when the turn asks for it.
/// Keys at rest cost nothing.
/// </summary>
internal sealed class Turns(string host, Func<Key, CancellationToken, Task<TimeSpan?>> turn, int parallel, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan AfterBug = TimeSpan.FromSeconds(30);

    private sealed class Entry
    {
        public bool Running;
        public bool Again;
        public ITimer? Timer;
    }

    private readonly Dictionary<Key, Entry> _entries = [];
    private readonly SemaphoreSlim _places = new(parallel);
    private readonly CancellationTokenSource _stop = new();
    private int _running;
    private TaskCompletionSource? _idle;

    public void Poke(Key key)
    {
        lock (_entries)
        {
            if (_stop.IsCancellationRequested) return;
            if (!_entries.TryGetValue(key, out var entry)) _entries[key] = entry = new Entry();
            if (entry.Running)
            {
                entry.Again = true;
                return;
            }
            entry.Timer?.Dispose();
            entry.Timer = null;
            entry.Running = true;
            _running++;
            _ = Task.Run(() => Work(key, entry));
        }
    }

    private async Task Work(Key key, Entry entry)
    {
        while (true)
        {
            var after = await Once(key);
            lock (_entries)
            {
                if (entry.Again && !_stop.IsCancellationRequested)
                {
                    entry.Again = false;
                    continue;
                }
                entry.Running = false;
                if (--_running == 0) _idle?.TrySetResult();
                if (after is { } delay && !_stop.IsCancellationRequested) entry.Timer = clock.CreateTimer(_ => Poke(key), null, delay, Timeout.InfiniteTimeSpan);
                else _entries.Remove(key);
                return;
            }
        }
    }

    private async Task<TimeSpan?> Once(Key key)
    {
        var placed = false;
        try
        {
            await _places.WaitAsync(_stop.Token);
            placed = true;
            return await turn(key, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            log.Bug(host, key.ToString(), e);
            return AfterBug;
        }
        finally
        {
            if (placed) _places.Release();
        }
    }

    /// <summary>Stops asking for turns and waits for those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_entries)
        {
            _stop.Cancel();
            foreach (var entry in _entries.Values) entry.Timer?.Dispose();
            if (_running == 0) idle.SetResult();
            else _idle = idle;
        }
        await idle.Task;
    }
}
