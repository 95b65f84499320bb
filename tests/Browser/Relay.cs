using System.Net;
using System.Net.Sockets;

namespace Xiangyun.Browser;

/// <summary>A wire between a browser and the estate that can be cut and mended: what passes is not looked at.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly Uri _to;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private bool _cut;

    public Relay(string to)
    {
        _to = new Uri(to);
        _door.Start();
        Url = $"{_to.Scheme}://127.0.0.1:{((IPEndPoint)_door.LocalEndpoint).Port}";
        _ = Accept();
    }

    public string Url { get; }

    /// <summary>Every connection ends, and no new one is carried.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            _open.ForEach(c => c.Close());
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate) _cut = false;
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Carry(await _door.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { } // the door is closed
    }

    private async Task Carry(TcpClient from)
    {
        using var near = from;
        using var far = new TcpClient();
        lock (_gate)
        {
            if (_cut) return;
            _open.AddRange([near, far]);
        }
        try
        {
            await far.ConnectAsync(_to.Host, _to.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException) { } // cut, or one side left
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        _door.Dispose();
        return ValueTask.CompletedTask;
    }
}
