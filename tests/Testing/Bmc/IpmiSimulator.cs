using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Xiangyun.Testing.Bmc;

/// <summary>
/// A controller that speaks IPMI 2.0 over UDP (RMCP+) in front of one <see cref="SimulatedMachine"/>: discovery without a session, the key exchange, and the
/// commands of <see cref="IpmiCommands"/> inside encrypted sessions. On loopback only.
/// </summary>
public sealed class IpmiSimulator : IAsyncDisposable
{
    public const string User = "operator", Password = "ipmi-of-tests";
    private static readonly byte[] Rmcp = [6, 0, 0xff, 7];

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Dictionary<uint, Rakp> _sessions = [];
    private readonly Dictionary<uint, uint> _sent = [];
    private readonly IpmiCommands _commands;
    private readonly Task _life;

    public IpmiSimulator()
    {
        _commands = new IpmiCommands(Machine);
        _life = Task.Run(Live);
    }

    public SimulatedMachine Machine { get; } = new();
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>It does not answer at all, as when its network is down.</summary>
    public bool Silent { get; set; }

    private async Task Live()
    {
        try
        {
            while (true)
            {
                var packet = await _socket.ReceiveAsync();
                if (!Silent && packet.Buffer.Length > 16 && Answer(packet.Buffer) is { } answer) await _socket.SendAsync(answer, packet.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private byte[]? Answer(byte[] packet) => packet[4] == 6 ? Plus(packet) : Plain(packet);

    /// <summary>IPMI 1.5 without a session: only what a console asks before it opens one.</summary>
    private byte[] Plain(byte[] packet)
    {
        var answer = _commands.Answer(packet.AsSpan(14, packet[13]));
        return [.. Rmcp, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)answer.Length, .. answer];
    }

    private byte[]? Plus(byte[] packet)
    {
        var kind = packet[5] & 0x3f;
        var id = BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(6));
        var length = BinaryPrimitives.ReadUInt16LittleEndian(packet.AsSpan(14));
        var payload = packet[16..(16 + length)];
        return kind switch
        {
            0x10 => Outside(0x11, Open(payload)),
            0x12 => Outside(0x13, First(payload)),
            0x14 => Outside(0x15, Third(payload)),
            0 when id == 0 => Outside(0, _commands.Answer(payload)), // asked before a session is opened
            0 => Inside(packet, id, payload),
            _ => null,
        };
    }

    private static byte[] Outside(byte kind, byte[] payload) => [.. Rmcp, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, (byte)payload.Length, (byte)(payload.Length >> 8), .. payload];

    /// <summary>The console names its algorithms; two combinations are known (suites 3 and 17).</summary>
    private byte[] Open(byte[] p)
    {
        var console = BinaryPrimitives.ReadUInt32LittleEndian(p.AsSpan(4));
        byte suite = (p[12], p[20], p[28]) switch { (1, 1, 1) => 3, (3, 4, 1) => 17, _ => 0 };
        if (suite == 0) return [p[0], 0x11, 0, 0, .. p[4..8]]; // no such cipher suite
        var rakp = new Rakp(suite, console, Encoding.UTF8.GetBytes(Password));
        _sessions[rakp.Own] = rakp;
        return [p[0], 0, 4, 0, .. p[4..8], .. BitConverter.GetBytes(rakp.Own), .. p[8..32]];
    }

    private byte[] First(byte[] p)
    {
        if (!_sessions.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(p.AsSpan(4)), out var rakp)) return [p[0], 2, 0, 0, 0, 0, 0, 0];
        var code = rakp.Begin(p[8..24], p[24], p[28..(28 + p[27])]);
        if (rakp.Name != User) return [p[0], 0x0d, 0, 0, .. BitConverter.GetBytes(rakp.Console)]; // unauthorized name
        return [p[0], 0, 0, 0, .. BitConverter.GetBytes(rakp.Console), .. rakp.Random, .. Rakp.Guid, .. code];
    }

    private byte[] Third(byte[] p)
    {
        if (!_sessions.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(p.AsSpan(4)), out var rakp)) return [p[0], 2, 0, 0, 0, 0, 0, 0];
        return rakp.Finish(p[8..]) is { } check ? [p[0], 0, 0, 0, .. BitConverter.GetBytes(rakp.Console), .. check] : [p[0], 0x0f, 0, 0, .. BitConverter.GetBytes(rakp.Console)]; // invalid integrity check value
    }

    private byte[]? Inside(byte[] packet, uint id, byte[] payload)
    {
        if (!_sessions.TryGetValue(id, out var rakp) || !rakp.Proven) return null;
        if (!rakp.Sign(packet[4..^rakp.CodeLength]).AsSpan().SequenceEqual(packet.AsSpan(packet.Length - rakp.CodeLength))) return null;
        var request = rakp.Decrypt(payload);
        var sealed_ = rakp.Encrypt(_commands.Answer(request));
        var number = _sent[id] = _sent.GetValueOrDefault(id) + 1;
        byte[] signed = [6, 0xc0, .. BitConverter.GetBytes(rakp.Console), .. BitConverter.GetBytes(number), (byte)sealed_.Length, (byte)(sealed_.Length >> 8), .. sealed_];
        var pad = (4 - (signed.Length + 2) % 4) % 4;
        signed = [.. signed, .. Enumerable.Repeat((byte)0xff, pad), (byte)pad, 7];
        if (request[5] == 0x3c) _sessions.Remove(id);
        return [.. Rmcp, .. signed, .. rakp.Sign(signed)];
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _life;
    }
}
