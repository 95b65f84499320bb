using System.Net.Sockets;
using Xiangyun.Kernel;
using Xiangyun.Wire.Outside;

namespace Xiangyun.Image.Imports;

/// <summary>Fetches what a user named by URL, only from where this cloud's operator lets it; redirects are looked at like the first address.</summary>
internal sealed class WebSource(ImageOptions options) : IDisposable
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private readonly ImportOptions _options = options.Import;
    private readonly OutsideHttp _http = new(() => options.Import.PrivateAddresses);

    /// <summary>What can be said of a URL without asking anybody.</summary>
    public Uri Check(string text)
    {
        var uri = OutsideHttp.Check(text, "a web-download", _options.PrivateAddresses);
        return _options.Ports.Contains(uri.Port) ? uri : throw CloudError.Invalid($"The port {uri.Port} is not allowed for a web-download; allowed are {string.Join(", ", _options.Ports)}.");
    }

    /// <param name="told">Takes how many bytes the web server said that it is; null when it did not.</param>
    public async Task Copy(string url, Stream sink, CancellationToken ct, Action<long?>? told = null)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        quiet.CancelAfter(Silence);
        try
        {
            using var response = await Get(Check(url), quiet.Token);
            told?.Invoke(response.Content.Headers.ContentLength);
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
            var response = await _http.Client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode) return response;
            var (status, next) = (response.StatusCode, response.Headers.Location);
            response.Dispose();
            if ((int)status is < 300 or >= 400 || next is null) throw CloudError.Unavailable($"The web server answered {(int)status}.");
            uri = Check(new Uri(uri, next).AbsoluteUri);
        }
        throw CloudError.Unavailable($"The web server redirected more than {MostRedirects} times.");
    }

    public void Dispose() => _http.Dispose();
}
