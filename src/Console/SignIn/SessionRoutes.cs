using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Xiangyun.Client;
using Xiangyun.Console.Shell;

namespace Xiangyun.Console.SignIn;

/// <summary>What sets or clears cookies and so must be an ordinary request: signing in and out, changing scope and language, and saying that somebody is still there.</summary>
internal static class SessionRoutes
{
    public const string LanguageCookie = "xy-language";
    public const string ScopeCookie = "xy-scope";

    public static void Map(IEndpointRouteBuilder app)
    {
        var session = app.MapGroup(ConsoleModule.Root + "/session");
        session.MapPost("", SignIn);
        session.MapPost("/passkey", Passkey);
        OpenIdRoutes.Map(session);
        session.MapPost("/scope", Change).RequireAuthorization();
        session.MapPost("/end", End);
        session.MapPost("/alive", () => Results.NoContent()).RequireAuthorization(); // the cookie slides by itself
        session.MapGet("/language", Language);
    }

    private static async Task<IResult> SignIn(HttpContext http, Behalf behalf, [FromForm] string? domain, [FromForm] string? user, [FromForm] string? password, [FromForm] string? code, [FromForm] string? back, CancellationToken ct)
    {
        var given = string.IsNullOrWhiteSpace(code) ? null : code.Trim();
        return await Enter(http, behalf, back, "wrong", $"&domain={Uri.EscapeDataString(domain ?? "")}&user={Uri.EscapeDataString(user ?? "")}", door => door.SignIn(Or(domain, "Default"), user ?? "", password ?? "", given, ct), ct);
    }

    private static Task<IResult> Passkey(HttpContext http, Behalf behalf, [FromForm] string? state, [FromForm] string? credential, [FromForm] string? back, CancellationToken ct) =>
        Enter(http, behalf, back, "passkey", "", door => door.ByPasskey(state ?? "", JsonNode.Parse(credential ?? "{}") ?? "", ct), ct);

    /// <summary>Takes the session that comes of it to where somebody wanted to be; what did not work is told on the sign-in page.</summary>
    /// <param name="wrong">What is told when nobody was proven.</param>
    /// <param name="more">What the sign-in page should know again.</param>
    public static async Task<IResult> Enter(HttpContext http, Behalf behalf, string? back, string wrong, string more, Func<Door, Task<Session>> prove, CancellationToken ct)
    {
        var (at, door) = (Local(back), behalf.Door(From(http)));
        try
        {
            var session = await Settle(http, door, await prove(door), ct);
            await SessionCookie.Write(http, session);
            return Results.LocalRedirect("~" + (session.Scope is null ? ConsoleModule.Root + "/account" : at));
        }
        catch (Refusal e)
        {
            return Again(e.SignedOut ? wrong : e.Forbidden ? "locked" : "failed", at, more);
        }
        catch (HttpRequestException)
        {
            return Again("unreachable", at);
        }
        catch (JsonException)
        {
            return Again(wrong, at);
        }
    }

    public static IResult Again(string problem, string at, string more = "") => Results.LocalRedirect($"~{ConsoleModule.Root}/sign-in?problem={problem}{more}&back={Uri.EscapeDataString(at)}");

    /// <summary>Where the user was last, if that is still allowed; else the account's own project; else the first scope there is.</summary>
    private static async Task<Session> Settle(HttpContext http, Door door, Session session, CancellationToken ct)
    {
        var scopes = await door.Scopes(session.Token, ct);
        var wanted = scopes.FirstOrDefault(s => s.ToString() == http.Request.Cookies[ScopeCookie]) ?? (session.Scope is null ? scopes.FirstOrDefault() : null);
        if (wanted is null || wanted.ToString() == session.Scope?.ToString()) return session;
        try
        {
            return await door.Change(session.Token, wanted, ct);
        }
        catch (Refusal e) when (e.SignedOut && session.Scope is null)
        {
            return session; // its organisation demands a second factor first: the account page is where to enrol one
        }
    }

    private static async Task<IResult> Change(HttpContext http, Behalf behalf, [FromForm] string? scope, [FromForm] string? back, CancellationToken ct)
    {
        if (SessionCookie.TokenOf(http.User) is not { } token || Scope.Parse(scope) is not { } wanted) return Results.LocalRedirect("~" + ConsoleModule.Root);
        try
        {
            await SessionCookie.Write(http, await behalf.Door(From(http)).Change(token, wanted, ct));
            http.Response.Cookies.Append(ScopeCookie, wanted.ToString(), Lasting(http));
        }
        catch (Refusal e) when (e.SignedOut || e.Forbidden)
        {
            return Results.LocalRedirect($"~{ConsoleModule.Root}/sign-in?problem=ended");
        }
        return Results.LocalRedirect("~" + Local(back));
    }

    private static async Task<IResult> End(HttpContext http, Behalf behalf, [FromForm] string? why, CancellationToken ct)
    {
        if (SessionCookie.TokenOf(http.User) is { } token) await behalf.Door(From(http)).SignOut(token, ct);
        await SessionCookie.Clear(http);
        return Results.LocalRedirect($"~{ConsoleModule.Root}/sign-in" + (why == "idle" ? "?problem=idle" : ""));
    }

    private static IResult Language(HttpContext http, string to, string? back)
    {
        if (to is "zh" or "en") http.Response.Cookies.Append(LanguageCookie, to, Lasting(http));
        return Results.LocalRedirect("~" + Local(back));
    }

    private static CookieOptions Lasting(HttpContext http) => new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = http.Request.IsHttps, Path = "/" };

    /// <summary>Only addresses of the console itself: a link cannot send anybody elsewhere.</summary>
    public static string Local(string? back) => back is not null && (back == ConsoleModule.Root || back.StartsWith(ConsoleModule.Root + "/", StringComparison.Ordinal) || back.StartsWith(ConsoleModule.Root + "?", StringComparison.Ordinal)) && !back.Contains('\\') && !back.Contains("/sign-in", StringComparison.Ordinal) ? back : ConsoleModule.Root;

    public static string? From(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private static string Or(string? text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text.Trim();
}
