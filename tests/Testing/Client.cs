using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xiangyun.Testing;

/// <summary>Somebody who calls the cloud over HTTP with a token. Paths carry the service: <c>/network/v2.0/networks</c>.</summary>
public sealed class Client(HttpClient http, string? token)
{
    private readonly Dictionary<string, string> _headers = [];

    public string? Token => token;
    public string UserId { get; init; } = "";
    public string ProjectId { get; init; } = "";
    public string ProjectName { get; init; } = "";
    public string UserName { get; init; } = "";
    public string Password { get; init; } = "";

    /// <summary>The same caller with one more header: <c>With("OpenStack-API-Version", "compute 2.93")</c>.</summary>
    public Client With(string header, string value)
    {
        var other = new Client(http, token) { UserId = UserId, ProjectId = ProjectId, ProjectName = ProjectName, UserName = UserName, Password = Password };
        foreach (var (name, old) in _headers) other._headers[name] = old;
        other._headers[header] = value;
        return other;
    }

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path);
    public Task<Reply> Head(string path) => Send(HttpMethod.Head, path);
    public Task<Reply> Delete(string path, object? body = null) => Send(HttpMethod.Delete, path, body);
    public Task<Reply> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);
    public Task<Reply> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body);
    public Task<Reply> Patch(string path, object? body = null) => Send(HttpMethod.Patch, path, body);

    /// <param name="body">An object or JsonNode is sent as JSON (names as written); text or bytes as they are, as JSON too unless <paramref name="type"/> says otherwise.</param>
    public async Task<Reply> Send(HttpMethod method, string path, object? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Content(body) is { } content)
        {
            content.Headers.ContentType = type.Length == 0 ? null : MediaTypeHeaderValue.Parse(type);
            request.Content = content;
        }
        using var answer = await http.SendAsync(request);
        return new Reply($"{method} {path}", (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers);
    }

    private static HttpContent? Content(object? body) => body switch
    {
        null => null,
        HttpContent content => content,
        byte[] bytes => new ByteArrayContent(bytes),
        string text => new ByteArrayContent(Encoding.UTF8.GetBytes(text)),
        JsonNode node => new ByteArrayContent(Encoding.UTF8.GetBytes(node.ToJsonString())),
        _ => new ByteArrayContent(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(body)),
    };

    /// <summary>Signs in with a password and gives a caller with the scope asked for (null = the user's default project).</summary>
    public static async Task<Client> SignIn(HttpClient http, string user, string password, object? scope = null, string domain = "default")
    {
        var identity = new { methods = new[] { "password" }, password = new { user = new { name = user, domain = new { id = domain }, password } } };
        object auth = scope is null ? new { auth = new { identity } } : new { auth = new { identity, scope } };
        var reply = (await new Client(http, null).Post("/identity/v3/auth/tokens", auth)).Is(201);
        var told = reply["token"];
        return new Client(http, reply.Header("X-Subject-Token"))
        {
            UserId = (string)told["user"]!["id"]!, UserName = user, Password = password,
            ProjectId = (string?)told["project"]?["id"] ?? "", ProjectName = (string?)told["project"]?["name"] ?? "",
        };
    }
}
