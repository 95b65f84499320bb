using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Xunit;

namespace Xiangyun.Testing;

/// <summary>One answer, read whole. <see cref="ToString"/> shows it, so that a failed assertion tells why.</summary>
public sealed record Reply(string Request, int Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    private JsonNode? _json;

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
    public JsonNode Json => _json ??= JsonNode.Parse(Bytes) ?? throw new InvalidDataException($"{this}: the body is null");
    public bool IsJson => ContentHeaders.ContentType?.MediaType?.Contains("json") == true;

    /// <summary>A member of the body: <c>reply["network"]["id"]</c>.</summary>
    public JsonNode this[string name] => Json[name] ?? throw new KeyNotFoundException($"no '{name}' in {this}");

    public string? Header(string name) => Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Fails with the whole answer when the status is another one.</summary>
    public Reply Is(int status)
    {
        Assert.True(Status == status, $"wanted {status}, got {this}");
        return this;
    }

    public override string ToString() => $"{Request} -> {Status} {(Bytes.Length > 4000 ? Text[..4000] + " ..." : Text)}";
}
