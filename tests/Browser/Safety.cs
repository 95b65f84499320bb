using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>What a stranger or a hostile name must not achieve, and what every page owes to people who do not see it.</summary>
public sealed class Safety(Estate estate)
{
    private const string Hostile = "<img src=x onerror=window.hit=1>{{7*7}}";

    [Fact]
    public async Task a_name_is_shown_as_text_and_never_run()
    {
        await using var visit = await estate.Visit("en", user: "xfj-op", domain: "市信访局");
        await visit.Open("/networks");
        await visit.Page.ClickAsync("#create");
        await visit.Page.FillAsync("#form-name", Hostile);
        await visit.Page.FillAsync("#form-cidr", "10.250.0.0/24");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync($"td:has-text('{Hostile}')");
        foreach (var path in new[] { "/networks", "/topology", "/search?q=onerror", "/servers/create", "/volumes?f.name=" + Uri.EscapeDataString(Hostile), "/audit/" + Uri.EscapeDataString(Hostile) })
        {
            await visit.Open(path);
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('img[src=x]')"), path);
        }
        visit.IsClean();
    }

    [Fact]
    public async Task the_session_is_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        await using var visit = await estate.Visit();
        var cookie = (await visit.Page.Context.CookiesAsync()).Single(c => c.Name == "xy-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
        Assert.DoesNotContain("xy-session", await visit.Page.EvaluateAsync<string>("() => document.cookie"));
    }

    [Theory]
    [InlineData("/console/sign-in")]
    [InlineData("/console")]
    [InlineData("/console/servers")]
    public async Task every_page_allows_only_its_own_scripts_and_no_frame(string path)
    {
        await using var visit = await estate.Visit();
        var answer = await visit.Page.GotoAsync(path);
        var policy = await answer!.HeaderValueAsync("content-security-policy") ?? "";
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Equal("DENY", await answer.HeaderValueAsync("x-frame-options"));
        Assert.Equal("nosniff", await answer.HeaderValueAsync("x-content-type-options"));
        Assert.DoesNotMatch(new Regex("<script(?![^>]*src=)[^>]*>", RegexOptions.IgnoreCase), await answer.TextAsync());
    }

    [Fact]
    public async Task a_form_of_another_site_is_refused()
    {
        await using var visit = await estate.Visit();
        var api = visit.Page.Context.APIRequest;
        foreach (var path in new[] { "/console/session", "/console/session/scope", "/console/session/end" })
        {
            var forged = await api.PostAsync(path, new APIRequestContextOptions { Headers = [new("Origin", "https://evil.example")], Form = api.CreateFormData().Set("scope", "system:all") });
            Assert.Equal(403, forged.Status);
            var without = await api.PostAsync(path, new APIRequestContextOptions { Form = api.CreateFormData().Set("scope", "system:all"), MaxRedirects = 0 });
            Assert.Equal(400, without.Status); // no anti-forgery token
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/console\\evil")]
    public async Task signing_in_never_leads_elsewhere(string back)
    {
        await using var visit = await Visit.Begin(estate.Chromium, estate.Url);
        await visit.Page.GotoAsync("/console/sign-in?back=" + Uri.EscapeDataString(back));
        await visit.Page.FillAsync("[name=user]", estate.User);
        await visit.Page.FillAsync("[name=password]", estate.Password);
        await visit.Page.ClickAsync("#sign-in");
        await visit.Page.WaitForSelectorAsync(".xy-side");
        Assert.Equal(estate.Url + "/console", visit.Page.Url);
    }

    [Fact]
    public async Task after_signing_out_nothing_of_the_session_is_left()
    {
        await using var visit = await estate.Visit();
        var cookies = await visit.Page.Context.CookiesAsync();
        await visit.Page.ClickAsync("#user > summary");
        await visit.Page.ClickAsync("#sign-out");
        await visit.Page.WaitForURLAsync("**/sign-in**");
        await visit.Page.Context.AddCookiesAsync(cookies.Where(c => c.Name == "xy-session").Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path }));
        await visit.Page.GotoAsync("/console/servers"); // the old cookie, kept by a thief: its token is revoked
        await visit.Page.WaitForURLAsync("**/sign-in**");
    }

    [Fact]
    public async Task a_list_page_weighs_little_on_a_first_visit()
    {
        await using var visit = await estate.Visit();
        var bytes = 0L;
        var cdp = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        await cdp.SendAsync("Network.enable");
        await cdp.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        cdp.Event("Network.loadingFinished").OnEvent += (_, e) => bytes += (long)e!.Value.GetProperty("encodedDataLength").GetDouble();
        await visit.Open("/servers");
        Assert.InRange(bytes, 20_000, 350 * 1024);
        TestContext.Current.AddAttachment("bytes", $"{bytes}");
    }
}
