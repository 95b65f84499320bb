using System.Runtime.InteropServices;
using System.Threading.Channels;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Libvirt;

/// <summary>
/// A connection that heals: a handle whose libvirtd died never works again, so it is opened anew, events and all, and
/// whoever listens is told that anything may have changed.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    private const int EventLifecycle = 0;
    private const int EventDeviceRemoved = 15;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly string _uri;
    private readonly Action<string> _changed;
    private readonly Workers _workers = new(4);
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _teller;
    private GCHandle _self;
    private nint _handle;

    /// <param name="changed">Told the id of a domain, or nothing when the connection is new.</param>
    public Connection(string uri, Action<string> changed)
    {
        _uri = uri;
        _changed = changed;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _teller = Task.Run(Tell);
    }

    /// <summary>Runs a call on a worker thread with a handle that stays valid meanwhile.</summary>
    public Task<T> Do<T>(string verb, Func<nint, T> call, CancellationToken ct) => _workers.Do(() => Call(verb, call), ct);

    /// <summary>A call that lasts for minutes has a thread of its own, so that it keeps no other waiting.</summary>
    public Task<T> DoLong<T>(string verb, Func<nint, T> call) => Task.Factory.StartNew(() => Call(verb, call), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private T Call<T>(string verb, Func<nint, T> call)
    {
        var handle = Take(verb);
        try
        {
            return call(handle);
        }
        catch (EngineFault) when (Native.IsAlive(handle) != 1)
        {
            Lost(handle);
            throw;
        }
        finally
        {
            _ = Native.Close(handle);
        }
    }

    internal void Noticed(string domain) => _news.Writer.TryWrite(domain);

    internal void Lost(nint handle)
    {
        lock (_gate)
        {
            if (_handle != handle || handle == 0) return;
            _handle = 0;
        }
        _ = Native.Close(handle);
        _news.Writer.TryWrite("");
    }

    private nint Take(string verb)
    {
        lock (_gate)
        {
            if (_handle == 0) _handle = Open(verb);
            _ = Native.Ref(_handle);
            return _handle;
        }
    }

    private unsafe nint Open(string verb)
    {
        EventLoop.Start();
        var handle = Native.Open(_uri);
        if (handle == 0) throw LibvirtError.Fault(verb);
        var self = GCHandle.ToIntPtr(_self);
        if (Native.OnClose(handle, EventLoop.Closed, self, 0) < 0
            || Native.EventRegisterAny(handle, 0, EventLifecycle, EventLoop.Lifecycle, self, 0) < 0
            || Native.EventRegisterAny(handle, 0, EventDeviceRemoved, EventLoop.DeviceRemoved, self, 0) < 0)
        {
            var fault = LibvirtError.Fault(verb);
            _ = Native.Close(handle);
            throw fault;
        }
        _ = Native.SetKeepAlive(handle, 5, 3); // a local socket may not support it; its end is noticed all the same
        return handle;
    }

    private async Task Tell()
    {
        try
        {
            await foreach (var domain in _news.Reader.ReadAllAsync(_stop.Token))
            {
                if (domain.Length == 0) await Reopen();
                _changed(domain);
            }
        }
        catch (OperationCanceledException) { } // disposed
    }

    private async Task Reopen()
    {
        while (true)
        {
            await Task.Delay(Retry, _stop.Token);
            try
            {
                await Do("open", _ => true, _stop.Token);
                return;
            }
            catch (EngineFault) { } // still away; turns report it
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _teller;
        nint handle;
        lock (_gate)
        {
            handle = _handle;
            _handle = 0;
        }
        if (handle != 0) _ = Native.Close(handle);
        _workers.Dispose();
    }
}
