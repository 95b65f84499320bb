using System.Text.RegularExpressions;
using Xiangyun.Testing;

namespace Xiangyun.Api.Console;

/// <summary>
/// The console's cookies over HTTPS: by the server itself, and behind a proxy that ends the browsers' connections, which the server knows from its public
/// address alone. Over plain HTTP, as `./xiangyun try` serves it on the loopback, they cannot be Secure, or nobody could sign in.
/// </summary>
public sealed partial class Cookies
{
    private const string Outside = "https://cloud.example.gov.cn";

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, Outside, true)]
    [InlineData(false, null, false)]
    public async Task cookies_are_secure_whenever_browsers_come_by_https(bool itself, string? outside, bool secure)
    {
        await using var cloud = await Cloud.Start(new CloudShape { Hosts = 0, Https = itself, PublicUrl = outside });
        var door = await Ask(HttpMethod.Get, "/console/sign-in");
        var form = Set(door, "xy-form");
        var token = Token().Match(await door.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value;
        var entered = await Ask(HttpMethod.Post, "/console/session", form, new()
        {
            ["__RequestVerificationToken"] = token, ["domain"] = "Default", ["user"] = "admin", ["password"] = Cloud.AdminPassword,
        });
        Assert.Equal("/console", entered.Headers.Location!.OriginalString);
        var session = Set(entered, "xy-session");
        Set(await Ask(HttpMethod.Get, "/console/session/language?to=en"), "xy-language");
        var home = await Ask(HttpMethod.Get, "/console", session);
        Assert.Equal(200, (int)home.StatusCode);
        Assert.Equal(secure, home.Headers.Contains("Strict-Transport-Security"));

        async Task<HttpResponseMessage> Ask(HttpMethod method, string path, string? cookie = null, Dictionary<string, string>? fields = null)
        {
            using var request = new HttpRequestMessage(method, path);
            if (outside is not null) request.Headers.Host = new Uri(outside).Authority; // the proxy hands it on
            request.Headers.Add("Origin", outside ?? cloud.Url);
            if (cookie is not null) request.Headers.Add("Cookie", cookie);
            if (fields is not null) request.Content = new FormUrlEncodedContent(fields);
            return await cloud.Http.SendAsync(request, TestContext.Current.CancellationToken);
        }

        string Set(HttpResponseMessage answer, string name)
        {
            var told = Assert.Single(answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [], c => c.StartsWith(name + "=", StringComparison.Ordinal));
            var flags = told.Split("; ").Skip(1).Select(f => f.ToLowerInvariant()).ToList();
            Assert.Equal(secure, flags.Contains("secure"));
            Assert.Contains("httponly", flags);
            Assert.Contains(name == "xy-form" ? "samesite=strict" : "samesite=lax", flags);
            return told.Split(';')[0];
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
