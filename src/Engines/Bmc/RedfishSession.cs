using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Engines.Bmc;

/// <param name="Address">https://10.0.0.5, without path.</param>
/// <param name="Fingerprint">See <see cref="Pinned"/>.</param>
/// <param name="Authority">PEM of the authority that its certificate must come from.</param>
/// <param name="System">Which of several systems of one controller; null = the first.</param>
public sealed record RedfishOptions(Uri Address, string User, string Password, string? Fingerprint = null, string? Authority = null, string? System = null);

/// <summary>
/// HTTP with a Redfish service (DMTF DSP0266): a session of its own where the service has sessions, else the password with each request. All of its
/// answers are JSON; all that goes wrong becomes an <see cref="EngineFault"/>.
/// </summary>
internal sealed class RedfishSession : IDisposable
{
    private const string Sessions = "/redfish/v1/SessionService/Sessions";
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly RedfishOptions _options;
    private readonly HttpClient _http;
    private string? _token, _session, _refusedCertificate;
    private bool _basic;

    public RedfishSession(RedfishOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    var good = Pinned.Accepts(certificate, errors, options.Fingerprint, options.Authority, out var shown);
                    _refusedCertificate = good ? null : shown;
                    return good;
                },
            },
        };
        _http = new HttpClient(handler) { BaseAddress = options.Address, Timeout = Limit, MaxResponseContentBufferSize = MostBytes };
    }

    public Task<JsonNode> Get(string verb, string path, CancellationToken ct) => Ask(verb, HttpMethod.Get, path, null, ct);

    public Task<JsonNode> Post(string verb, string path, JsonObject body, CancellationToken ct) => Ask(verb, HttpMethod.Post, path, body, ct);

    private async Task<JsonNode> Ask(string verb, HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        if (_token is null && !_basic) await SignIn(verb, ct);
        using var answer = await Send(verb, method, path, body, ct);
        return await Read(verb, path, answer, ct);
    }

    private async Task SignIn(string verb, CancellationToken ct)
    {
        using var answer = await Send(verb, HttpMethod.Post, Sessions, new JsonObject { ["UserName"] = _options.User, ["Password"] = _options.Password }, ct);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            _basic = true; // an old or small service: it has no sessions
            return;
        }
        await Read(verb, Sessions, answer, ct);
        _token = answer.Headers.TryGetValues("X-Auth-Token", out var tokens) ? tokens.First() : throw Fault(verb, "it opened a session and gave no token", transient: false);
        _session = answer.Headers.Location is { } at ? (at.IsAbsoluteUri ? at.AbsolutePath : at.OriginalString) : null;
    }

    private async Task<HttpResponseMessage> Send(string verb, HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("OData-Version", "4.0");
        if (_token is { } token) request.Headers.Add("X-Auth-Token", token);
        else if (_basic) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.User}:{_options.Password}")));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        try
        {
            return await _http.SendAsync(request, ct);
        }
        catch (HttpRequestException e) when (_refusedCertificate is { } shown)
        {
            throw new EngineFault("redfish", verb, $"{_options.Address.Authority} shows a certificate that is not the one expected; its SHA-256 is {shown}. Compare it at the machine, then set it as the fingerprint", transient: false, cause: e);
        }
        catch (HttpRequestException e)
        {
            throw new EngineFault("redfish", verb, $"{_options.Address.Authority} does not answer: {e.Message}", transient: true, cause: e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new EngineFault("redfish", verb, $"{_options.Address.Authority} did not answer within {Limit.TotalSeconds:0} s", transient: true, cause: e);
        }
    }

    private async Task<JsonNode> Read(string verb, string path, HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            _token = null;
            throw Fault(verb, $"{_options.Address.Authority} refuses the user {_options.User} or its password ({(int)answer.StatusCode})", transient: false);
        }
        var json = Parse(text);
        if (!answer.IsSuccessStatusCode)
            throw Fault(verb, $"{path} answered {(int)answer.StatusCode}: {Words(json) ?? answer.ReasonPhrase}", (int)answer.StatusCode >= 500 || answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests);
        return json ?? (text.Length == 0 ? new JsonObject() : throw Fault(verb, $"{path} did not answer JSON", transient: false));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Its own words: the extended messages say more than the general one.</summary>
    private static string? Words(JsonNode? json)
    {
        var error = json?["error"];
        var told = (error?["@Message.ExtendedInfo"] as JsonArray)?.Select(m => (string?)m?["Message"]).Where(m => m is { Length: > 0 }).ToList();
        var words = told is { Count: > 0 } ? string.Join(" ", told) : (string?)error?["message"];
        return words is { Length: > 500 } ? words[..500] : words;
    }

    private static EngineFault Fault(string verb, string message, bool transient) => new("redfish", verb, message, transient);

    /// <summary>A service keeps few sessions: ours is given back, and when that fails it ends by itself.</summary>
    public void Dispose()
    {
        if (_session is { } path && _token is { } token)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "X-Auth-Token", token } } };
                using var answer = _http.Send(request);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // nothing more to be done
            }
        }
        _http.Dispose();
    }
}
