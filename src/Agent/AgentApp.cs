using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xiangyun.Agent.Hosts;
using Xiangyun.Agent.MetadataService;
using Xiangyun.Agent.Rpc;

namespace Xiangyun.Agent;

/// <summary>Puts the agent together: hosts, gRPC, TLS. No logic.</summary>
internal static class AgentApp
{
    private const int LargestPlan = 512 * 1024 * 1024; // a plan carries the config drives of all servers
    private const int StreamsPerConnection = 4096; // one watch per simulated host

    public static WebApplication Build(AgentOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(o => { o.SingleLine = true; o.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ "; o.UseUtcTimestamp = true; });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
            Listen(kestrel, options);
            if (options.Simulate == 0) MetadataEndpoint.Listen(kestrel, options.State);
        });
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestPlan;
            grpc.MaxSendMessageSize = null;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => Hosts(options, services));
        var app = builder.Build();
        if (options.Simulate == 0) MetadataEndpoint.Map(app, app.Services.GetRequiredService<HostList>());
        app.MapGrpcService<HostAgentRpc>();
        return app;
    }

    private static HostList Hosts(AgentOptions options, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Xiangyun.Agent");
        return new HostList(options.Simulate > 0 ? SimulatedHosts.Build(options, clock, log) : [RealHost.Build(options, clock, log)]);
    }

    private static void Listen(KestrelServerOptions kestrel, AgentOptions options)
    {
        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https => MutualTls.Configure(https, options.Tls));
        }
        if (options.Listen.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = options.Listen["unix:".Length..];
            File.Delete(path); // left over by a killed agent; a live one holds the lock of the state directory
            kestrel.ListenUnixSocket(path, Configure);
            return;
        }
        var url = new Uri(options.Listen);
        if (url.Scheme != "https") throw new ArgumentException("--listen must be unix:/PATH or https://IP:PORT.");
        kestrel.Listen(IPAddress.Parse(url.Host), url.Port, Configure);
    }
}
