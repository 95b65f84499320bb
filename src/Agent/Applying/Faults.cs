using System.Collections.Concurrent;
using Xiangyun.Agent.Ledger;
using Xiangyun.Kernel;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Applying;

/// <summary>Counts the faults in a row of each key: how long to wait, and whether it still looks passing.</summary>
internal sealed class Faults
{
    /// <summary>After this many in a row a passing fault is reported as lasting; it is tried on all the same.</summary>
    public const int Patience = 6;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<Key, int> _inARow = new();

    public (Fault Fault, TimeSpan Wait, int Attempt) Count(Key key, EngineFault e)
    {
        var attempt = _inARow.AddOrUpdate(key, 1, (_, n) => n + 1);
        var fault = new Fault { Engine = e.Engine, Verb = e.Verb, Message = Words(e), Transient = e.Transient && attempt < Patience };
        var wait = e.Transient ? TimeSpan.FromMilliseconds(250 * Math.Pow(2, Math.Min(attempt, 10))) : Longest;
        return (fault, wait < Longest ? wait : Longest, attempt);
    }

    public void Forget(Key key) => _inARow.TryRemove(key, out _);

    private static string Words(EngineFault e) => e.InnerException is { } cause ? $"{e.Message}: {cause.Message}" : e.Message;
}
