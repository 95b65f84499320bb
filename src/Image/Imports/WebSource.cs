using System.Net;
using System.Net.Sockets;
using Xiangyun.Kernel;

namespace Xiangyun.Image.Imports;

/// <summary>
/// Fetches what a user named by URL. Every connection, those of redirects too, goes to an address that was looked at first:
/// the name is resolved once, the address is checked, and it is that address which is connected to, so a name server that
/// changes its mind in between gains nothing.
/// </summary>
internal sealed class WebSource : IDisposable
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private readonly ImportOptions _options;
    private readonly HttpClient _http;

    public WebSource(ImageOptions options)
    {
        _options = options.Import;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (context, ct) => await Connect(context.DnsEndPoint, ct),
        }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What can be said of a URL without asking anybody.</summary>
    public Uri Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw CloudError.Invalid("The URI of a web-download must be an absolute http or https one, without a user name.");
        if (!_options.Ports.Contains(uri.Port)) throw CloudError.Invalid($"The port {uri.Port} is not allowed for a web-download; allowed are {string.Join(", ", _options.Ports)}.");
        if (!_options.PrivateAddresses && IPAddress.TryParse(uri.DnsSafeHost, out var address) && !PublicAddress.Is(address)) throw Private(uri.Host);
        return uri;
    }

    public async Task Copy(string url, Stream sink, CancellationToken ct)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        quiet.CancelAfter(Silence);
        try
        {
            using var response = await Get(Check(url), quiet.Token);
            await using var body = await response.Content.ReadAsStreamAsync(quiet.Token);
            var buffer = new byte[1024 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, quiet.Token)) > 0)
            {
                quiet.CancelAfter(Silence);
                await sink.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CloudError.Unavailable($"The web server sent nothing for {Silence.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException && e is not IOException { InnerException: CloudError })
        {
            throw e.InnerException as CloudError ?? CloudError.Unavailable($"The download failed: {e.Message}", e);
        }
    }

    private async Task<HttpResponseMessage> Get(Uri uri, CancellationToken ct)
    {
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode) return response;
            var (status, next) = (response.StatusCode, response.Headers.Location);
            response.Dispose();
            if ((int)status is < 300 or >= 400 || next is null) throw CloudError.Unavailable($"The web server answered {(int)status}.");
            uri = Check(new Uri(uri, next).AbsoluteUri);
        }
        throw CloudError.Unavailable($"The web server redirected more than {MostRedirects} times.");
    }

    private async Task<Stream> Connect(DnsEndPoint target, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var address = addresses.FirstOrDefault(a => _options.PrivateAddresses || PublicAddress.Is(a)) ?? throw Private(target.Host);
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

    public void Dispose() => _http.Dispose();
}
