using System.Net;
using System.Security.Cryptography.X509Certificates;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xiangyun.Approvals;
using Xiangyun.Audit;
using Xiangyun.Capacity;
using Xiangyun.Compute;
using Xiangyun.Compute.Consoles;
using Xiangyun.Console;
using Xiangyun.Consolidation;
using Xiangyun.Energy;
using Xiangyun.Fleet;
using Xiangyun.Hosting;
using Xiangyun.Identity;
using Xiangyun.Image;
using Xiangyun.Network;
using Xiangyun.Operations;
using Xiangyun.Placement;
using Xiangyun.Reconcile;
using Xiangyun.Screen;
using Xiangyun.Store;
using Xiangyun.Telemetry;
using Xiangyun.Volume;
using Xiangyun.Wire;

namespace Xiangyun.Server;

/// <summary>The composition root: configuration, the list of modules, routes. No logic.</summary>
internal static class CloudServer
{
    public static async Task Run(ServerConfig config)
    {
        await using var app = Build(config);
        await app.Services.GetRequiredService<Migrator>().Run();
        await app.RunAsync();
    }

    /// <param name="adapt">What a test changes before the parts are put together.</param>
    public static WebApplication Build(ServerConfig config, Action<WebApplicationBuilder>? adapt = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Xiangyun.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(o => { o.SingleLine = true; o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ "; });
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, config));
        AddModules(builder.Services, config);
        AddTelemetry(builder.Services, config);
        builder.WebHost.UseStaticWebAssets(); // the console's, where a build and not a published tree is run
        builder.Services.AddConsole(new ConsoleOptions(config.Listen, Path.Combine(config.Tls, "ca.crt")) { Simulated = config.Fabric == "simulated", ByHttps = config.CatalogUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });
        adapt?.Invoke(builder);
        var app = builder.Build();
        app.UseWebSockets();
        Health.Map(app);
        app.MapConsoles();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapApis();
        app.MapConsole();
        return app;
    }

    public static void AddModules(IServiceCollection services, ServerConfig config) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new CatalogOptions(config.CatalogUrl, config.Region))
        .AddRouting()
        .AddStore(config.DatabaseUrl, config.AuditLevel)
        .AddReconcile()
        .AddWire()
        .AddIdentity(config.Identity)
        .AddAudit(new AuditOptions(Path.Combine(config.Tls, "audit.secret")))
        .AddFleet(new FleetOptions(config.Hosts, config.Tls))
        .AddTelemetry()
        .AddPlacement()
        .AddImage(new ImageOptions(Path.Combine(config.State, "images")) { Import = config.ImageImport })
        .AddNetwork(new NetworkOptions(config.Fabric))
        .AddVolume()
        .AddCompute(new ComputeOptions(config.Novnc))
        .AddConsolidation()
        .AddHosting()
        .AddApprovals()
        .AddEnergy()
        .AddOperations(new OperationsOptions(config.Tls))
        .AddCapacity()
        .AddScreen()
        .AddApi<Described.OpenApi>();

    private static void AddTelemetry(IServiceCollection services, ServerConfig config) => services.AddOpenTelemetry()
        .WithMetrics(m => m.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddMeter("Xiangyun.*").AddView("xiangyun.guest.*", new MetricStreamConfiguration { CardinalityLimit = config.GuestSeries }).AddPrometheusExporter())
        .WithTracing(t =>
        {
            t.AddAspNetCoreInstrumentation().AddSource("Xiangyun.*");
            if (config.Otlp is { } endpoint) t.AddOtlpExporter(o => o.Endpoint = new Uri(endpoint));
        });

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, ServerConfig config)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // JSON bodies are limited where they are read; images are not
        var url = new Uri(config.Listen);
        var address = IPAddress.TryParse(url.Host, out var ip) ? ip : IPAddress.Loopback;
        kestrel.Listen(address, url.Port, listen =>
        {
            if (url.Scheme != "https") return;
            var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(config.Tls, "server.crt"), Path.Combine(config.Tls, "server.key"));
            listen.UseHttps(certificate);
        });
    }
}
