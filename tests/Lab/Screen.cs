using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace Xiangyun.Lab;

/// <summary>As much of a VNC client (RFB 3.8, raw encoding) as it takes to see a guest's screen change when keys are typed.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Queue<byte> _waiting = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private ushort _width, _height;
    private int _pixel;

    public static async Task<Screen> Open(Uri page)
    {
        var screen = new Screen();
        screen._socket.Options.AddSubProtocol("binary");
#pragma warning disable CA5359 // the certificate is checked by curl in the same test; this client only looks at pixels
        screen._socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        var path = Uri.UnescapeDataString(page.Query[(page.Query.IndexOf('=') + 1)..]); // ?path=... as noVNC's own page reads it
        await screen._socket.ConnectAsync(new UriBuilder(new Uri(page, "/" + path)) { Scheme = "wss" }.Uri, Stop);
        await screen.Handshake();
        return screen;
    }

    private async Task Handshake()
    {
        Assert.Equal("RFB 003.008\n"u8.ToArray(), await Take(12));
        await Send("RFB 003.008\n"u8.ToArray());
        var kinds = await Take((await Take(1))[0]);
        Assert.Contains((byte)1, kinds); // 1 = no password: the console's token is the password
        await Send([1]);
        Assert.Equal([0, 0, 0, 0], await Take(4));
        await Send([1]);
        var head = await Take(24);
        (_width, _height, _pixel) = (BinaryPrimitives.ReadUInt16BigEndian(head), BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)), head[4] / 8);
        await Take(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(20)));
        await Send([2, 0, 0, 1, 0, 0, 0, 0]); // raw pixels only
    }

    /// <summary>A fingerprint of the whole screen as it is now.</summary>
    public async Task<string> Look()
    {
        await Send([3, 0, 0, 0, 0, 0, (byte)(_width >> 8), (byte)_width, (byte)(_height >> 8), (byte)_height]);
        while ((await Take(1))[0] != 0) throw new InvalidDataException("the server sent something else than a picture");
        await Take(1);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(await Take(2)); left > 0; left--)
        {
            var box = await Take(12);
            sum.AppendData(await Take(BinaryPrimitives.ReadUInt16BigEndian(box.AsSpan(4)) * BinaryPrimitives.ReadUInt16BigEndian(box.AsSpan(6)) * _pixel));
        }
        return Convert.ToHexString(sum.GetHashAndReset());
    }

    public async Task Type(string text)
    {
        foreach (var key in text)
            foreach (byte down in new byte[] { 1, 0 })
                await Send([4, down, 0, 0, 0, 0, key == '\n' ? (byte)0xFF : (byte)0, key == '\n' ? (byte)0x0D : (byte)key]);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private Task Send(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Stop);

    private async Task<byte[]> Take(int count)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_waiting.Count < count)
        {
            var got = await _socket.ReceiveAsync(_buffer, late.Token);
            if (got.MessageType == WebSocketMessageType.Close) throw new InvalidDataException($"the console closed: {got.CloseStatusDescription}");
            foreach (var one in _buffer.AsSpan(0, got.Count)) _waiting.Enqueue(one);
        }
        var taken = new byte[count];
        for (var i = 0; i < count; i++) taken[i] = _waiting.Dequeue();
        return taken;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
