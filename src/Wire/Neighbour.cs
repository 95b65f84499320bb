using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>
/// Asks another service of this cloud without the wire: same caller, same rule, same handler as if the client had asked
/// there. For APIs that old clients expect at a second place too (Nova's networks, volumes and images).
/// </summary>
public sealed class Neighbour(RouteTable table)
{
    /// <summary>The same on somebody's behalf and without a request of its own: what was approved is carried out so.</summary>
    /// <param name="version">The microversion; null = the lowest.</param>
    public async Task<(Answer Answer, Call Call)> Do(Actor actor, string service, string method, string path, JsonNode body, string? version, CancellationToken ct)
    {
        var (target, route, values) = Find(service, method, path.Trim('/').Split('/'));
        var http = new DefaultHttpContext { RequestAborted = ct };
        (http.Request.Method, http.Request.Scheme, http.Request.Host, http.Request.Path) = (method, "https", new HostString("localhost"), target.Root + path);
        foreach (var (name, value) in values) http.Request.RouteValues[name] = value;
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body, Json.Options));
        if (target.Versions is not null && version is not null) http.Request.Headers["OpenStack-API-Version"] = $"{target.Versions.ServiceType} {version}";
        if (!Rules.Allows(route.Rule, actor)) throw CloudError.Forbidden($"You are not authorized to perform the requested action: {route.Rule}.");
        var call = new Call(http, target, route, actor, actor.RequestId) { WantsReasons = true };
        if (target.Versions is { } versions) call.Version = versions.Negotiate(http);
        return (await route.Handler(call), call);
    }

    /// <param name="path">The path below the service's version prefix, with its query: <c>/networks?name=x</c>.</param>
    /// <returns>The answer's body; null when it has none. Errors come through as they are.</returns>
    public async Task<JsonNode?> Ask(Call call, string service, string method, string path, object? body = null, string type = "application/json")
    {
        var question = path.IndexOf('?');
        var segments = (question < 0 ? path : path[..question]).Trim('/').Split('/');
        var (target, route, values) = Find(service, method, segments);
        var http = new DefaultHttpContext { RequestAborted = call.Stop };
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = (method, call.Http.Request.Scheme, call.Http.Request.Host);
        http.Request.Path = target.Root + path[..(question < 0 ? path.Length : question)];
        if (question >= 0) http.Request.QueryString = new QueryString(path[question..]);
        foreach (var (name, value) in values) http.Request.RouteValues[name] = value;
        if (body is not null)
        {
            http.Request.ContentType = type;
            http.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Json.Options));
        }
        if (!Rules.Allows(route.Rule, call.Actor)) throw CloudError.Forbidden($"You are not authorized to perform the requested action: {route.Rule}.");
        var asked = new Call(http, target, route, call.Actor, call.RequestId);
        if (target.Versions is { } versions) asked.Version = versions.Min;
        var answer = await route.Handler(asked);
        return answer.Body is JsonNode node ? node : answer.Body is null ? null : JsonSerializer.SerializeToNode(answer.Body, answer.Body.GetType(), Json.Options);
    }

    private (Service, Route, Dictionary<string, string>) Find(string service, string method, string[] segments)
    {
        var best = table.All.Where(r => r.Service.Name == service && r.Route.Method == method && r.Route.Prefixed)
            .Select(r => (r.Service, r.Route, Values: Match(r.Route.Path.Trim('/').Split('/'), segments))).Where(r => r.Values is not null).OrderBy(r => r.Values!.Count).FirstOrDefault();
        return best.Values is null ? throw CloudError.Invalid($"{method} /{string.Join('/', segments)} of {service} is not offered by this cloud.") : (best.Service, best.Route, best.Values);
    }

    private static Dictionary<string, string>? Match(string[] pattern, string[] segments)
    {
        if (pattern.Length != segments.Length) return null;
        var values = new Dictionary<string, string>();
        for (var i = 0; i < pattern.Length; i++)
            if (pattern[i] is ['{', .. var name, '}']) values[name] = Uri.UnescapeDataString(segments[i]);
            else if (pattern[i] != segments[i]) return null;
        return values;
    }
}
