using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Xiangyun.Client;

/// <summary>Signing in, changing the scope, signing out: Keystone's tokens.</summary>
/// <param name="stamp">What the program adds to each request, such as on whose behalf it asks.</param>
public sealed class Door(HttpClient http, Action<HttpRequestMessage>? stamp = null)
{
    private const string Tokens = "/identity/v3/auth/tokens";

    /// <summary>With a password, and a one-time code where the account asks for one. The token has the account's default project, if any.</summary>
    public Task<Session> SignIn(string domain, string user, string password, string? code, CancellationToken ct = default)
    {
        var who = new JsonObject { ["name"] = user, ["domain"] = new JsonObject { ["name"] = domain } };
        var identity = new JsonObject { ["methods"] = code is null ? new JsonArray("password") : new JsonArray("password", "totp"), ["password"] = new JsonObject { ["user"] = Copy(who, "password", password) } };
        if (code is not null) identity["totp"] = new JsonObject { ["user"] = Copy(who, "passcode", code) };
        return Issue(new { auth = new { identity } }, ct);
    }

    /// <summary>With what a browser's passkey answered to a challenge.</summary>
    public Task<Session> ByPasskey(string state, JsonNode credential, CancellationToken ct = default) =>
        Issue(new { auth = new { identity = new { methods = new[] { "passkey" }, passkey = new { state, credential } } } }, ct);

    /// <summary>With the code that the organisation's own provider gave to the browser.</summary>
    public Task<Session> ByProvider(string code, string state, string session, CancellationToken ct = default) =>
        Issue(new { auth = new { identity = new { methods = new[] { "openid" }, openid = new { code, state, session } } } }, ct);

    /// <summary>Where a browser has to go to sign in at the provider of an organisation, and what to bring back with its code.</summary>
    public async Task<(string Url, string Session)> Provider(string organisation, string redirect, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/xiangyun/v1/openid/authorization?domain={Uri.EscapeDataString(organisation)}&redirect_uri={Uri.EscapeDataString(redirect)}");
        using var answer = await Send(request, ct);
        if (!answer.IsSuccessStatusCode) throw await Refusal.Of(answer, ct);
        var begun = (await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!["authorization"]!;
        return ((string)begun["url"]!, (string)begun["session"]!);
    }

    public Task<Session> Change(string token, Scope scope, CancellationToken ct = default) =>
        Issue(new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = token } }, scope = scope.Wire } }, ct);

    /// <summary>What a token stands for, asked anew; null when it is no longer good.</summary>
    public async Task<Session?> Look(string token, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Tokens) { Headers = { { "X-Auth-Token", token }, { "X-Subject-Token", token } } };
        using var answer = await Send(request, ct);
        return answer.IsSuccessStatusCode ? Read(token, await answer.Content.ReadFromJsonAsync<JsonObject>(ct)) : null;
    }

    /// <summary>Ends the whole sign-in: the first token and what was made from it.</summary>
    public async Task SignOut(string token, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/xiangyun/v1/me/session") { Headers = { { "X-Auth-Token", token } } };
        using var answer = await Send(request, ct);
    }

    /// <summary>Everything that the caller may be scoped to, bureaus first.</summary>
    public async Task<IReadOnlyList<Scope>> Scopes(string token, CancellationToken ct = default)
    {
        async Task<JsonObject> Ask(string what)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/v3/auth/" + what) { Headers = { { "X-Auth-Token", token } } };
            using var answer = await Send(request, ct);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>(ct) ?? [] : throw await Refusal.Of(answer, ct);
        }
        var (domains, projects, system) = (await Ask("domains"), await Ask("projects"), await Ask("system"));
        var names = domains["domains"]!.AsArray().ToDictionary(d => (string)d!["id"]!, d => (string)d!["name"]!);
        return
        [
            .. system["system"] is JsonArray { Count: > 0 } ? [Scope.System] : Array.Empty<Scope>(),
            .. names.OrderBy(d => d.Value, StringComparer.Ordinal).Select(d => new Scope("domain", d.Key, d.Value)),
            .. projects["projects"]!.AsArray().Select(p => new Scope("project", (string)p!["id"]!, (string)p["name"]!, names.GetValueOrDefault((string)p["domain_id"]!))).OrderBy(p => p.Name, StringComparer.Ordinal),
        ];
    }

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken ct)
    {
        stamp?.Invoke(request);
        return http.SendAsync(request, ct);
    }

    private async Task<Session> Issue(object body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Tokens) { Content = JsonContent.Create(body, body.GetType()) };
        using var answer = await Send(request, ct);
        if (!answer.IsSuccessStatusCode) throw await Refusal.Of(answer, ct);
        return Read(answer.Headers.GetValues("X-Subject-Token").Single(), await answer.Content.ReadFromJsonAsync<JsonObject>(ct));
    }

    private static Session Read(string secret, JsonObject? body)
    {
        var token = body?["token"] ?? throw new InvalidDataException("the answer holds no token");
        var user = token["user"]!;
        // a service whose address needs a project has no endpoint in another scope
        var services = (token["catalog"]?.AsArray() ?? []).Where(s => s!["endpoints"]!.AsArray().Count > 0).GroupBy(s => (string)s!["type"]!).ToDictionary(s => s.Key, s => Place(s.First()!));
        var roles = (token["roles"]?.AsArray() ?? []).Select(r => (string)r!["name"]!).ToHashSet();
        return new Session(secret, (string)user["id"]!, (string)user["name"]!, (string)user["domain"]!["name"]!, DateTimeOffset.Parse((string)token["expires_at"]!, null), ScopeOf(token), roles, services);
    }

    private static Scope? ScopeOf(JsonNode token) =>
        token["project"] is { } project ? new Scope("project", (string)project["id"]!, (string)project["name"]!, (string)project["domain"]!["name"]!) :
        token["domain"] is { } domain ? new Scope("domain", (string)domain["id"]!, (string)domain["name"]!) :
        token["system"] is not null ? Scope.System : null;

    /// <summary>Only the path: the address is the one that we were told to use, not the one that the catalogue shows to the world.</summary>
    private static string Place(JsonNode service)
    {
        var url = service["endpoints"]!.AsArray().Where(e => (string?)e!["interface"] == "public").Select(e => (string)e!["url"]!).First();
        return (string)service["type"]! switch { "image" => new Uri(url).AbsolutePath + "/v2", "network" => new Uri(url).AbsolutePath + "/v2.0", _ => new Uri(url).AbsolutePath };
    }

    private static JsonObject Copy(JsonObject of, string name, string value)
    {
        var copy = (JsonObject)of.DeepClone();
        copy[name] = value;
        return copy;
    }
}
