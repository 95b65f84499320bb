using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xiangyun.Agent.Hosts;
using Xiangyun.Engines.Haproxy;

namespace Xiangyun.Agent.MetadataService;

/// <summary>
/// The unix socket behind the metadata proxies. Its requests never reach gRPC, and gRPC's never come here: a connection
/// is marked by the socket it came in through.
/// </summary>
internal static class MetadataEndpoint
{
    private static readonly object Mark = new();

    public static string Socket(string state) => Path.Combine(state, "metadata.sock");

    public static void Listen(KestrelServerOptions kestrel, string state)
    {
        Directory.CreateDirectory(state);
        File.Delete(Socket(state));
        kestrel.ListenUnixSocket(Socket(state), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                connection.Items[Mark] = Mark;
                return next(connection);
            });
        });
    }

    public static void Map(IApplicationBuilder app, HostList hosts) => app.Use((context, next) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) == true ? Answer(context, hosts.All[0]) : next(context));

    private static async Task Answer(HttpContext context, AgentHost host)
    {
        var network = context.Request.Headers[HaproxyMetadata.NetworkHeader].ToString();
        var address = context.Request.Headers["X-Forwarded-For"].ToString();
        var body = MetadataAnswer.Of(host.At.Plan, network, address, context.Request.Path.Value ?? "/");
        if (body is null || !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = body is null ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
            return;
        }
        context.Response.ContentType = context.Request.Path.Value!.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
