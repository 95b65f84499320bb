using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xiangyun.Kernel;

namespace Xiangyun.Wire;

/// <summary>
/// What every request passes, in this order: request id, token, microversion, rule, handler, answer. Errors become the
/// service's own body here and nowhere else, and what was refused goes into the audit log before the caller reads it.
/// </summary>
internal sealed class Pipeline(ITokens tokens, RouteTable table, Refusals refusals, IEnumerable<IGate> gates, ILogger<Pipeline> log)
{
    private const string RequestIdHeader = "x-openstack-request-id";
    private readonly IGate? _gate = gates.SingleOrDefault();

    public void Map(IEndpointRouteBuilder app, IApi api)
    {
        var routes = new Routes();
        api.Map(routes);
        foreach (var route in routes.All)
        {
            table.Add(api.Service, route);
            foreach (var prefix in route.Prefixed ? api.Service.Prefixes : [""])
            {
                var pattern = $"{api.Service.Root}{prefix}{route.Path}";
                app.MapMethods(pattern.Length > 1 ? pattern : "/", [route.Method], http => Run(http, api.Service, route)).WithDisplayName($"{route.Method} {pattern}");
            }
        }
    }

    public void MapUnknown(IEndpointRouteBuilder app, Service service)
    {
        var unknown = new Route("*", "unknown", Rules.Public, null, call =>
            throw new CloudError(ErrorKind.NotFound, $"The resource could not be found: {call.Http.Request.Method} {call.Http.Request.Path}."), false);
        app.MapFallback(service.Root + "/{**rest}", http => Run(http, service, unknown));
    }

    private async Task Run(HttpContext http, Service service, Route route)
    {
        var requestId = "req-" + Id.New();
        var headers = http.Response.Headers;
        headers[RequestIdHeader] = requestId;
        if (service.Versions?.OwnHeader is not null) headers["x-compute-request-id"] = requestId;
        Actor? actor = null;
        Task Fail(int status, string message, CloudError? error) => this.Fail(http, service, route, actor, status, message, error, requestId);
        try
        {
            actor = await Authenticate(http, route, requestId);
            var call = new Call(http, service, route, actor, requestId);
            Texts.Check(http);
            if (route.Prefixed && !service.SlashesAreFree && http.Request.Path.Value is [.., '/']) throw CloudError.NotFound($"The resource could not be found: {http.Request.Method} {http.Request.Path}.");
            if (service.Versions is { } versions) call.Version = versions.Negotiate(http);
            if (actor?.Only is { } only && route.Rule != Rules.Public && !AccessRules.Allow(only, service, http.Request))
                throw CloudError.Forbidden("The access rules of this application credential do not allow this request.");
            if (!Rules.Allows(route.Rule, actor)) throw CloudError.Forbidden($"You are not authorized to perform the requested action: {route.Rule}.");
            await Send(http, _gate is null || route.Audit is null ? await route.Handler(call) : await _gate.Pass(call, () => route.Handler(call)));
        }
        catch (CloudError e)
        {
            await Fail(e.Status ?? service.Errors.Status(e.Kind), e.Message, e);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            log.Gone(requestId);
        }
        catch (BadHttpRequestException e)
        {
            await Fail(e.StatusCode, e.Message, null);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            log.Gone(requestId);
        }
        catch (Exception e)
        {
            log.Bug(route.Method, route.Path, requestId, e);
            await Fail(500, $"An unexpected error prevented the server from fulfilling your request. Give your operator the request id {requestId}.", null);
        }
    }

    private async Task<Actor?> Authenticate(HttpContext http, Route route, string requestId)
    {
        if (http.Request.Headers["X-Auth-Token"].FirstOrDefault() is { Length: > 0 } token)
        {
            var actor = await tokens.Authenticate(token, http.RequestAborted);
            if (actor is not null) return actor with { RequestId = requestId, RemoteAddress = http.Connection.RemoteIpAddress?.ToString() ?? "", UserAgent = http.Request.Headers.UserAgent.ToString() };
        }
        if (!Rules.Allows(route.Rule, null)) throw CloudError.Unauthorized("The request you have made requires authentication.");
        return null;
    }

    private static async Task Send(HttpContext http, Answer answer)
    {
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        if (answer.Write is not null) await answer.Write(http);
        else if (answer.Body is not null)
        {
            http.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(http.Response.Body, answer.Body, answer.Body.GetType(), Json.Options, http.RequestAborted);
        }
    }

    private async Task Fail(HttpContext http, Service service, Route route, Actor? actor, int status, string message, CloudError? error, string requestId)
    {
        await refusals.Note(http, route, actor, status, message, requestId);
        log.Refused(http.Request.Method, http.Request.Path, status, requestId, message);
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = status;
        if (status == 401) http.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{http.Request.Scheme}://{http.Request.Host}/identity\"";
        http.Response.ContentType = "application/json";
        if (http.Request.Method == "HEAD") return;
        var style = status == 401 ? ErrorStyle.Keystone : service.Errors;
        await JsonSerializer.SerializeAsync(http.Response.Body, style.Body(status, message, error, requestId), Json.Options);
    }
}

public static class WireModule
{
    public static IServiceCollection AddWire(this IServiceCollection services) => services.AddSingleton<RouteTable>().AddSingleton<Neighbour>().AddSingleton<Flood>().AddSingleton<Refusals>().AddHostedService<FloodReport>().AddSingleton<Pipeline>();

    public static IServiceCollection AddApi<T>(this IServiceCollection services) where T : class, IApi => services.AddSingleton<IApi, T>();

    public static void MapApis(this IEndpointRouteBuilder app)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<Pipeline>();
        var apis = app.ServiceProvider.GetServices<IApi>().ToList();
        foreach (var api in apis) pipeline.Map(app, api);
        foreach (var service in apis.Select(a => a.Service).DistinctBy(s => s.Root).Where(s => s.Root.Length > 0)) pipeline.MapUnknown(app, service);
    }
}
