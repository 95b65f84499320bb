using System.Net;
using System.Text.Json;

namespace Xiangyun.Client;

/// <summary>The cloud said no, in its own words, with the id under which the audit log knows the attempt.</summary>
public sealed class Refusal(HttpStatusCode status, string message, string? requestId) : Exception(message)
{
    public HttpStatusCode Status => status;
    public string? RequestId => requestId;
    public bool SignedOut => status == HttpStatusCode.Unauthorized;
    public bool Forbidden => status == HttpStatusCode.Forbidden;

    /// <summary>Every service wraps its words differently: <c>{"error":{"message"}}</c>, <c>{"badRequest":{"message"}}</c>, <c>{"NeutronError":{"message"}}</c>, <c>{"errors":[{"detail"}]}</c>.</summary>
    internal static async Task<Refusal> Of(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        var id = answer.Headers.TryGetValues("x-openstack-request-id", out var ids) ? ids.FirstOrDefault() : null;
        return new Refusal(answer.StatusCode, Words(text) ?? $"{(int)answer.StatusCode} {answer.ReasonPhrase}", id);
    }

    private static string? Words(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Find(json.RootElement, 0);
        }
        catch (JsonException)
        {
            return text.Length is > 0 and < 300 && !text.TrimStart().StartsWith('<') ? text.Trim() : null;
        }
    }

    private static string? Find(JsonElement at, int depth) => depth > 3 ? null : at.ValueKind switch
    {
        JsonValueKind.Object => Named(at, "message") ?? Named(at, "detail") ?? at.EnumerateObject().Select(p => Find(p.Value, depth + 1)).FirstOrDefault(w => w is not null),
        JsonValueKind.Array => at.EnumerateArray().Select(e => Find(e, depth + 1)).FirstOrDefault(w => w is not null),
        _ => null,
    };

    private static string? Named(JsonElement at, string name) => at.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
