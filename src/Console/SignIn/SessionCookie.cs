using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Xiangyun.Client;

namespace Xiangyun.Console.SignIn;

/// <summary>The session: one encrypted cookie that no script can read and no other site can send, with the token in it. It ends with the token, or when nobody was there for a while.</summary>
internal static class SessionCookie
{
    public const string Name = "xy-session";
    private const string Token = "token";

    public static void Shape(CookieAuthenticationOptions cookie, ConsoleOptions options)
    {
        cookie.Cookie.Name = Name;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = options.Idle;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = ConsoleModule.Root + "/sign-in";
        cookie.ReturnUrlParameter = "back";
        cookie.AccessDeniedPath = cookie.LoginPath;
    }

    public static Task Write(HttpContext http, Session session) => http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme,
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, session.UserName), new Claim(Token, session.Token)], "xiangyun")));

    public static Task Clear(HttpContext http) => http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);

    public static string? TokenOf(ClaimsPrincipal? who) => who?.FindFirst(Token)?.Value;
}
