using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xiangyun.Kernel;

namespace Xiangyun.Client;

/// <summary>One signed-in caller's door to all services: paths are looked up in the catalogue, refusals are thrown, lists are paged by marker.</summary>
/// <param name="stamp">What the program adds to each request, such as on whose behalf it asks.</param>
public sealed class Api(HttpClient http, Session session, Action<HttpRequestMessage>? stamp = null)
{
    public Session Session => session;

    public Task<T> Get<T>(string service, string path, string? member = null, CancellationToken ct = default) => Send<T>(HttpMethod.Get, service, path, null, member, ct);

    public Task<T> Post<T>(string service, string path, object body, string? member = null, CancellationToken ct = default) => Send<T>(HttpMethod.Post, service, path, body, member, ct);

    public Task<T> Put<T>(string service, string path, object body, string? member = null, CancellationToken ct = default) => Send<T>(HttpMethod.Put, service, path, body, member, ct);

    public async Task Do(HttpMethod method, string service, string path, object? body = null, CancellationToken ct = default)
    {
        using var answer = await Ask(method, service, path, body, ct);
    }

    /// <summary>One page of a list; whether more follow is told by the service's own "next" link.</summary>
    public async Task<Slice<T>> List<T>(string service, string path, string member, CancellationToken ct = default)
    {
        using var answer = await Ask(HttpMethod.Get, service, path, null, ct);
        var root = await answer.Content.ReadFromJsonAsync<JsonObject>(Shapes.Json, ct) ?? throw new InvalidDataException($"{path}: the body is null");
        return new Slice<T>(root[member].Deserialize<List<T>>(Shapes.Json) ?? [], HasNext(root, member));
    }

    /// <summary>All pages, up to <paramref name="most"/> rows.</summary>
    public async Task<IReadOnlyList<T>> All<T>(string service, string path, string member, Func<T, string> id, int most = 5000, CancellationToken ct = default)
    {
        var (rows, marker) = (new List<T>(), "");
        while (true)
        {
            var page = await List<T>(service, $"{path}{(path.Contains('?') ? '&' : '?')}limit=1000{marker}", member, ct);
            rows.AddRange(page.Rows);
            if (!page.More || page.Rows.Count == 0 || rows.Count >= most) return rows;
            marker = "&marker=" + Uri.EscapeDataString(id(page.Rows[^1]));
        }
    }

    private async Task<T> Send<T>(HttpMethod method, string service, string path, object? body, string? member, CancellationToken ct)
    {
        using var answer = await Ask(method, service, path, body, ct);
        var node = await answer.Content.ReadFromJsonAsync<JsonNode>(Shapes.Json, ct);
        if (member is not null) node = node?[member];
        return node.Deserialize<T>(Shapes.Json) ?? throw new InvalidDataException($"{method} {path}: nothing where '{member}' should be");
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, string service, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, session.Path(service) + path);
        request.Headers.Add("X-Auth-Token", session.Token);
        stamp?.Invoke(request);
        if (Versions.Of(service) is { } version) request.Headers.Add("OpenStack-API-Version", version);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), new MediaTypeHeaderValue("application/json"), Shapes.Json);
        var answer = await http.SendAsync(request, ct);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await Refusal.Of(answer, ct);
    }

    private static bool HasNext(JsonObject root, string member) =>
        root["next"] is JsonValue ||
        root["links"] is JsonObject links && links["next"] is JsonValue ||
        root[member + "_links"] is JsonArray marks && marks.Any(m => (string?)m?["rel"] == "next");
}

/// <summary>The microversions that this SDK was written against.</summary>
public static class Versions
{
    public static string? Of(string service) => service switch { "compute" => "compute 2.93", "placement" => "placement 1.39", _ => null };
}
