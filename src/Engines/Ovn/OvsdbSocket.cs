using System.Globalization;
using System.Net.Sockets;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Ovn;

/// <summary>Opens a stream to an OVSDB server: <c>unix:/path</c> or <c>tcp:address:port</c>.</summary>
internal static class OvsdbSocket
{
    public static async Task<NetworkStream> Open(string endpoint, CancellationToken ct)
    {
        try
        {
            return new NetworkStream(await Connect(endpoint, ct), ownsSocket: true);
        }
        catch (SocketException e)
        {
            throw new EngineFault("ovsdb", "connect", $"{endpoint}: {e.Message}", transient: true, cause: e);
        }
    }

    private static async Task<Socket> Connect(string endpoint, CancellationToken ct)
    {
        var parts = endpoint.Split(':');
        var socket = parts[0] == "unix"
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (parts is ["unix", var path]) await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            else if (parts is ["tcp", var address, var port]) await socket.ConnectAsync(address, int.Parse(port, CultureInfo.InvariantCulture), ct);
            else throw new ArgumentException($"OVSDB endpoint '{endpoint}': write unix:/path or tcp:address:port");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
