using Xiangyun.Agent.Ledger;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Watching;

/// <summary>One server that watches this host.</summary>
internal sealed class Watcher(Board board) : IDisposable
{
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly HashSet<Key> _changed = [];
    private bool _first = true;

    /// <summary>Waits for a change, at most this long, and gives it; the first time everything.</summary>
    public async Task<Seen> Next(TimeSpan atMost, CancellationToken ct)
    {
        if (!_first) await _bell.WaitAsync(atMost, ct);
        var seen = board.Compose(_first, _changed);
        _first = false;
        return seen;
    }

    /// <summary>Called under the board's lock.</summary>
    internal void Note(Key? key)
    {
        if (key is { } changed) _changed.Add(changed);
        if (_bell.CurrentCount == 0) _bell.Release();
    }

    public void Dispose() => board.Leave(this);
}
