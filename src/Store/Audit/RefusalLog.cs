using Xiangyun.Kernel;

namespace Xiangyun.Store.Audit;

/// <summary>
/// Writes attempts that came to nothing. They have no transaction of their own, so those that arrive together share one:
/// each caller waits until its row is committed, and a storm of refusals costs few commits.
/// </summary>
public sealed class RefusalLog(Database database)
{
    private const int Most = 500;
    private readonly Lock _gate = new();
    private readonly Queue<(AuditRow Row, TaskCompletionSource Written)> _waiting = new();
    private bool _writing;

    public Task Add(AuditRow row)
    {
        if (database.AuditLevel == AuditLevel.None) return Task.CompletedTask;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((row, written));
            if (_writing) return written.Task;
            _writing = true;
        }
        _ = Task.Run(Drain);
        return written.Task;
    }

    private async Task Drain()
    {
        while (true)
        {
            var batch = new List<(AuditRow Row, TaskCompletionSource Written)>();
            lock (_gate)
            {
                while (batch.Count < Most && _waiting.TryDequeue(out var next)) batch.Add(next);
                if (batch.Count == 0)
                {
                    _writing = false;
                    return;
                }
            }
            try
            {
                await database.Write(Actor.System, tx => { foreach (var (row, _) in batch) tx.Audit(row with { At = tx.Now }); return Task.CompletedTask; });
                foreach (var (_, written) in batch) written.SetResult();
            }
            catch (Exception e)
            {
                foreach (var (_, written) in batch) written.SetException(e);
            }
        }
    }
}
