using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>One request on its way through a handler.</summary>
public sealed class Call(HttpContext http, Service service, Route route, Actor? actor, string requestId)
{
    /// <summary>Bytes of the largest JSON body: user data (64 KiB in base64) and ten files fit.</summary>
    public const int LargestBody = 2 * 1024 * 1024;

    public HttpContext Http => http;
    public Service Service => service;
    public string RequestId => requestId;
    public CancellationToken Stop => http.RequestAborted;

    /// <summary>Who calls. Only routes with the rule <c>public</c> may be reached without a token.</summary>
    public Actor Actor => actor ?? throw CloudError.Unauthorized("The request you have made requires authentication.");
    public bool HasActor => actor is not null;

    /// <summary>The route as it was mapped: <c>/servers/{id}</c>.</summary>
    public string Path => route.Path;

    /// <summary>What the audit log calls this: <c>server.create</c>.</summary>
    public string Verb => route.Audit ?? throw new InvalidOperationException($"{route.Method} {route.Path} writes but names no audit verb");

    /// <summary>The handler has told the audit log of this refusal itself, in better words than the pipeline has.</summary>
    public void Audited() => http.Items[Refusals.Told] = true;

    /// <summary>Somebody wants to know what this would do: a handler that can tell more than what it writes does so with <see cref="Explain"/>.</summary>
    public bool WantsReasons { get; set; }

    /// <summary>What the handler told besides.</summary>
    public JsonObject? Reasons { get; private set; }

    public void Explain(object reasons) => Reasons = JsonSerializer.SerializeToNode(reasons, reasons.GetType(), Json.Options)!.AsObject();

    public Microversion Version { get; internal set; }

    public bool AtLeast(int minor) => Version.Minor >= minor;

    /// <summary>Value of a path parameter.</summary>
    public string this[string name] => http.Request.RouteValues[name] as string ?? throw new InvalidOperationException($"{route.Path} has no {{{name}}}");

    public string? QueryOr(string name) => http.Request.Query.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> QueryAll(string name) => [.. http.Request.Query[name].OfType<string>()];

    public IEnumerable<string> QueryNames => http.Request.Query.Keys;

    /// <summary>true for <c>?name</c>, <c>?name=1</c>, <c>?name=true</c>.</summary>
    public bool QueryFlag(string name) => QueryOr(name) is { } text && text.ToLowerInvariant() is "" or "1" or "true" or "yes" or "on";

    /// <summary>Path and query of an absolute link, built from the host that the client used.</summary>
    public string Link(string pathAndQuery) => $"{Root}{pathAndQuery}";

    public string Root => $"{http.Request.Scheme}://{http.Request.Host}";

    /// <summary>Link to the next page: this request's query with another marker.</summary>
    public string NextLink(string marker) => Link(http.Request.Path + QueryString.Create(
        http.Request.Query.Where(q => q.Key != "marker").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v))).Append(KeyValuePair.Create("marker", (string?)marker))));

    /// <summary>The same as the list of links that Nova and Cinder put beside a page.</summary>
    public JsonArray NextLinks(string marker) => new(new JsonObject { ["rel"] = "next", ["href"] = NextLink(marker) });

    /// <summary>limit and marker. A limit above the largest page is cut to it.</summary>
    public Page Page(int most = Kernel.Page.Max)
    {
        var limit = most;
        if (QueryOr("limit") is { } text && (!int.TryParse(text, out limit) || limit < 0))
            throw CloudError.Invalid($"Invalid input for query parameter limit. Value: {text}. It must be a whole number of 0 or more.");
        return new Page(Math.Min(limit, most), QueryOr("marker"), QueryFlag("page_reverse"));
    }

    private JsonElement? _json;

    /// <summary>The whole JSON body, which must be an object.</summary>
    public async Task<Fields> Body() => new(await ReadJson(), "");

    /// <summary>The JSON body's one named object, such as <c>server</c>; nothing else may stand beside it.</summary>
    public async Task<Fields> Body(string name)
    {
        var body = await Body();
        var inner = body.Object(name);
        body.Done();
        return inner;
    }

    public async Task<JsonElement> ReadJson() => _json ??= await Parsed();

    private async Task<JsonElement> Parsed()
    {
        var type = http.Request.ContentType;
        if (type is not null && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
            throw new CloudError(ErrorKind.Invalid, $"Content-Type '{type}' is not supported; send application/json.") { Status = 415 };
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, Stop)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > LargestBody) throw new CloudError(ErrorKind.Invalid, $"The request body is larger than {LargestBody} bytes.") { Status = 413 };
        }
        try
        {
            using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = 32 });
            Texts.Check(document.RootElement, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new CloudError(ErrorKind.Invalid, $"The request body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", e);
        }
    }
}
