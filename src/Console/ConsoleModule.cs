using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Xiangyun.Client;
using Xiangyun.Console.Shell;
using Xiangyun.Console.SignIn;

namespace Xiangyun.Console;

/// <summary>Everything that the server sees of the console: its parts and its routes.</summary>
public static class ConsoleModule
{
    public const string Root = "/console";

    public static IServiceCollection AddConsole(this IServiceCollection services, ConsoleOptions options)
    {
        services.AddSingleton(options).AddSingleton(_ => new ApiClient(Connect(options))).AddSingleton<Behalf>().AddScoped<Desk>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => SessionCookie.Shape(cookie, options));
        services.AddAuthorizationCore();
        services.AddAuthorization();
        services.AddAntiforgery(a =>
        {
            a.Cookie.Name = "xy-form";
            a.Cookie.HttpOnly = true;
            a.Cookie.SameSite = SameSiteMode.Strict;
            a.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddCascadingAuthenticationState();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.TopRight;
            mud.SnackbarConfiguration.VisibleStateDuration = 5000;
        });
        services.AddRazorComponents().AddInteractiveServerComponents(circuit => circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2));
        return services;
    }

    /// <summary>Routes below <c>/console</c>, the circuit's own, and the static files; <c>/</c> sends browsers to the console.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var behalf = app.Services.GetRequiredService<Behalf>();
        app.Use((http, next) => behalf.Believe(http, next));
        if (app.Services.GetRequiredService<ConsoleOptions>().ByHttps)
            app.UseWhen(Mine, console => console.Use((http, next) =>
            {
                http.Request.Scheme = "https"; // what cookies, redirects and the anti-forgery check go by
                return next(http);
            }));
        app.UseWhen(Mine, console => console.UseMiddleware<Guarded>());
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "Xiangyun.Server.staticwebassets.endpoints.json"));
        app.MapGet("/", (HttpContext http) => Results.Redirect(Root));
        SessionRoutes.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'");
    }

    private static bool Mine(HttpContext http) => http.Request.Path.StartsWithSegments(Root) || http.Request.Path.StartsWithSegments("/_blazor");

    private static HttpClient Connect(ConsoleOptions options)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10), AutomaticDecompression = DecompressionMethods.None };
        if (options.Authority is { } file && File.Exists(file))
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(file);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } };
        }
        var http = new HttpClient(handler) { BaseAddress = new Uri(options.ApiUrl), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("xiangyun-console");
        return http;
    }
}

/// <summary>The one connection pool to the APIs, kept apart from any other HttpClient in the process.</summary>
internal sealed record ApiClient(HttpClient Http);
