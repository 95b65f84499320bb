using System.Net;
using System.Net.Sockets;
using Xiangyun.Kernel;

namespace Xiangyun.Wire.Outside;

/// <summary>
/// HTTP to where somebody named a URL. Every connection goes to an address that was looked at first: the name is resolved once, the address
/// is checked, and it is that address which is connected to, so a name server that changes its mind in between gains nothing. Redirects are
/// not followed by itself.
/// </summary>
public sealed class OutsideHttp : IDisposable
{
    /// <param name="privateAddresses">Whether a connection may go to what is not of the public Internet; asked for each one.</param>
    public OutsideHttp(Func<bool> privateAddresses) => Client = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, ct) => await Connect(context.DnsEndPoint, privateAddresses(), ct),
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public HttpClient Client { get; }

    /// <summary>What can be said of a URL without asking anybody.</summary>
    /// <param name="what">What it is for, as its owner reads it: "a web-download".</param>
    public static Uri Check(string text, string what, bool privateAddresses)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw CloudError.Invalid($"The URI of {what} must be an absolute http or https one, without a user name.");
        if (!privateAddresses && IPAddress.TryParse(uri.DnsSafeHost, out var address) && !PublicAddress.Is(address)) throw Private(uri.Host);
        return uri;
    }

    private static async Task<Stream> Connect(DnsEndPoint target, bool privateAddresses, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var address = addresses.FirstOrDefault(a => privateAddresses || PublicAddress.Is(a)) ?? throw Private(target.Host);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, target.Port), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static CloudError Private(string host) => CloudError.Invalid($"{host} is no address of the public Internet; this cloud's operator does not allow others.");

    public void Dispose() => Client.Dispose();
}
