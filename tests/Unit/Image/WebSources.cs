using System.Net;
using System.Net.Sockets;
using System.Text;
using Xiangyun.Image;
using Xiangyun.Image.Imports;
using Xiangyun.Kernel;

namespace Xiangyun.Unit.Image;

/// <summary>Downloads against a web server of this process on loopback, which is private: that is the point.</summary>
public sealed class WebSources : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;

    public WebSources()
    {
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Serve();
    }

    private async Task Serve()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 }) { }
            var answer = path switch
            {
                "/image" => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes",
                "/there" => "HTTP/1.1 302 Found\r\nLocation: /image\r\nContent-Length: 0\r\n\r\n",
                "/away" => "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/secret\r\nContent-Length: 0\r\n\r\n",
                "/cut" => "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nbytes",
                _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            };
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
        }
    }

    private async Task<string> Fetch(string url, bool privately = true)
    {
        using var web = new WebSource(new ImageOptions("x") { Import = new ImportOptions { PrivateAddresses = privately, Ports = [_port] } });
        using var sink = new MemoryStream();
        await web.Copy(url, sink, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(sink.ToArray());
    }

    [Theory]
    [InlineData("/image")]
    [InlineData("/there")]
    public async Task what_the_operator_allows_is_fetched_also_after_a_redirect(string path) => Assert.Equal("bytes", await Fetch($"http://127.0.0.1:{_port}{path}"));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task a_private_address_is_refused_as_a_number_and_behind_a_name(string host) =>
        Assert.Contains("public Internet", (await Assert.ThrowsAsync<CloudError>(() => Fetch($"http://{host}:{_port}/image", privately: false))).Message);

    [Fact]
    public async Task a_redirect_to_another_port_is_not_followed() => Assert.Contains("port", (await Assert.ThrowsAsync<CloudError>(() => Fetch($"http://127.0.0.1:{_port}/away"))).Message);

    [Theory]
    [InlineData("/none")]
    [InlineData("/cut")]
    public async Task what_does_not_come_whole_is_an_error_that_people_can_read(string path) => await Assert.ThrowsAsync<CloudError>(() => Fetch($"http://127.0.0.1:{_port}{path}"));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://x/")]
    [InlineData("/image")]
    [InlineData("http://user:secret@example.org/")]
    public async Task only_plain_web_addresses_are_fetched(string url) => await Assert.ThrowsAsync<CloudError>(() => Fetch(url));

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }
}
