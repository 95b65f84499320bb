using System.Net;
using System.Net.Sockets;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Bmc;

/// <param name="Mac">Of the network card that wakes the machine.</param>
/// <param name="To">Where the packet goes: the broadcast address of the network the card is in, and a port (9 by custom).</param>
public sealed record WakeOptions(string Mac, IPEndPoint To);

/// <summary>
/// A machine without a controller: a magic packet wakes it, its own agent shuts it down, and whether it is on is known by whether its agent answers. Silence
/// says only then that it is off when it was asked to go; else it says nothing.
/// </summary>
/// <param name="answers">Does its agent answer now?</param>
/// <param name="shutDown">Asks its agent to shut the machine down.</param>
/// <param name="silenceIsOff">It was asked to go.</param>
public sealed class WakeOnLan(WakeOptions options, Func<CancellationToken, Task<bool>> answers, Func<CancellationToken, Task> shutDown, bool silenceIsOff) : IBmc
{
    public async Task<BmcSeen> Look(CancellationToken ct) => new(await answers(ct) ? true : silenceIsOff ? false : null, null, "");

    public async Task Ensure(PowerWish wish, CancellationToken ct)
    {
        var on = await answers(ct);
        if (wish != PowerWish.On)
        {
            if (on) await shutDown(ct);
            return;
        }
        if (on) return;
        using var socket = new Socket(options.To.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        try
        {
            await socket.SendToAsync(Packet(options.Mac), options.To, ct);
        }
        catch (SocketException e)
        {
            throw new EngineFault("wake-on-lan", "on", $"the packet to {options.To} could not be sent: {e.Message}", transient: true, cause: e);
        }
    }

    /// <summary>Six bytes 0xff, then the address sixteen times (AMD, Magic Packet Technology, publication 20213).</summary>
    public static byte[] Packet(string mac)
    {
        var address = Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal));
        return [.. Enumerable.Repeat((byte)0xff, 6), .. Enumerable.Repeat(address, 16).SelectMany(a => a)];
    }

    public void Dispose() { }
}
