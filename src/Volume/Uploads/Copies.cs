using System.Collections.Concurrent;
using Xiangyun.Kernel;

namespace Xiangyun.Volume.Uploads;

/// <summary>
/// Copies that run beside the loop, because one may take longer than a reconciler may. What this process knows of them may
/// be lost: whoever started one looks at the world and starts it anew.
/// </summary>
internal sealed class Copies
{
    private readonly ConcurrentDictionary<string, Task> _running = new();

    public bool Running(string id) => _running.TryGetValue(id, out var task) && !task.IsCompleted;

    public void Start(string id, Func<Task> copy, CancellationToken stop) => _running[id] = Task.Run(copy, stop);

    /// <summary>Why the last copy will not get better by trying again; null when none failed so. Any other failure is thrown, to be tried again later.</summary>
    public string? Refused(string id)
    {
        if (!_running.TryRemove(id, out var ended) || !ended.IsFaulted) return null;
        var e = ended.Exception.InnerException!;
        return e is CloudError { Kind: ErrorKind.Invalid or ErrorKind.OverLimit or ErrorKind.NotFound or ErrorKind.Forbidden } ? e.Message : throw e;
    }
}
