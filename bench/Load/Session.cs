using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Xiangyun.Load;

/// <summary>A signed-in caller who finds each service through the catalogue, as every client does.</summary>
internal sealed class Session(HttpClient http, Options options, string token, JsonArray catalog) : IDisposable
{
    public string Token => token;

    public static async Task<Session> SignIn(Options options)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 256 };
        if (options.Insecure) handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        var http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await http.PostAsJsonAsync(options.AuthUrl + "/auth/tokens", Credentials(options));
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{options.AuthUrl} refused: {(int)answer.StatusCode} {body}");
        return new Session(http, options, answer.Headers.GetValues("X-Subject-Token").Single(), JsonNode.Parse(body)!["token"]!["catalog"]!.AsArray());
    }

    private static object Credentials(Options o) => new
    {
        auth = new
        {
            identity = new { methods = new[] { "password" }, password = new { user = new { name = o.User, domain = new { id = o.Domain }, password = o.Password } } },
            scope = new { project = new { name = o.Project, domain = new { id = o.Domain } } },
        },
    };

    /// <summary>Public address of a service type.</summary>
    public string Endpoint(string type) => (string)catalog.First(s => (string)s!["type"]! == type)!["endpoints"]!.AsArray().First(e => (string)e!["interface"]! == "public")!["url"]!;

    public Task<bool> Issue() => Ask(HttpMethod.Post, options.AuthUrl + "/auth/tokens", Credentials(options));
    public Task<bool> Validate() => Ask(HttpMethod.Get, options.AuthUrl + "/auth/tokens", null, ("X-Subject-Token", token));

    public async Task<bool> Ask(HttpMethod method, string url, object? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await Send(method, url, body, headers);
        await answer.Content.CopyToAsync(Stream.Null);
        return answer.IsSuccessStatusCode;
    }

    public async Task<JsonNode> Json(HttpMethod method, string url, object? body = null)
    {
        using var answer = await Send(method, url, body, []);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {url}: {(int)answer.StatusCode} {text}");
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string url, object? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Add("X-Auth-Token", token);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        if (body is not null) request.Content = JsonContent.Create(body);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => http.Dispose();
}
