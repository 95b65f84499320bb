using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xiangyun.Client;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.SignIn;

/// <summary>To the provider of one's organisation and back. What was begun waits in a cookie of this browser, so nobody can be signed in by a link of somebody else.</summary>
internal static class OpenIdRoutes
{
    private const string Cookie = "xy-openid", Place = ConsoleModule.Root + "/session/openid";

    public static void Map(RouteGroupBuilder session)
    {
        session.MapGet("/openid", Go);
        session.MapGet("/openid/back", Back);
    }

    private static async Task<IResult> Go(HttpContext http, Behalf behalf, string? domain, string? back, CancellationToken ct)
    {
        var at = SessionRoutes.Local(back);
        try
        {
            var (url, begun) = await behalf.Door(SessionRoutes.From(http)).Provider(domain ?? "", $"{http.Request.Scheme}://{http.Request.Host}{Place}/back", ct);
            http.Response.Cookies.Append(Cookie, begun + "|" + at, new CookieOptions { MaxAge = TimeSpan.FromMinutes(10), SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = http.Request.IsHttps, Path = Place });
            return Results.Redirect(url);
        }
        catch (Exception e) when (e is Refusal or HttpRequestException)
        {
            return SessionRoutes.Again(e is Refusal { Status: HttpStatusCode.NotFound } ? "no_provider" : "unreachable", at, "&domain=" + Uri.EscapeDataString(domain ?? ""));
        }
    }

    private static async Task<IResult> Back(HttpContext http, Behalf behalf, string? code, string? state, CancellationToken ct)
    {
        var parts = (http.Request.Cookies[Cookie] ?? "").Split('|', 2);
        http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = Place });
        var at = SessionRoutes.Local(parts.ElementAtOrDefault(1));
        if (parts.Length < 2 || string.IsNullOrEmpty(code) || string.IsNullOrEmpty(state)) return SessionRoutes.Again("provider", at);
        return await SessionRoutes.Enter(http, behalf, at, "provider", "", door => door.ByProvider(code, state, parts[0], ct), ct);
    }
}
