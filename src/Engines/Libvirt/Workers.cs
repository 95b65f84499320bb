using System.Collections.Concurrent;

namespace Xiangyun.Engines.Libvirt;

/// <summary>Threads of their own for libvirt's blocking calls: a stuck libvirtd must not starve the thread pool.</summary>
internal sealed class Workers : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public Workers(int count)
    {
        for (var n = 1; n <= count; n++)
            new Thread(() => { foreach (var job in _work.GetConsumingEnumerable()) job(); }, 512 * 1024) { IsBackground = true, Name = $"libvirt-{n}" }.Start();
    }

    public Task<T> Do<T>(Func<T> call, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            if (ct.IsCancellationRequested) done.TrySetCanceled(ct);
            else
            {
                try { done.TrySetResult(call()); }
                catch (Exception e) { done.TrySetException(e); }
            }
        }, ct);
        return done.Task;
    }

    public void Dispose() => _work.CompleteAdding();
}
