[assembly: AssemblyFixture(typeof(Xiangyun.Browser.Estate))]

namespace Xiangyun.Browser;

/// <summary>Every page, as every kind of person, in both languages and both themes: no error in the browser, nothing from elsewhere, no entry that leads to a refusal; and a picture of each.</summary>
public sealed class Pages(Estate estate)
{
    public static TheoryData<string, string, string?, string> People => new()
    {
        { "zh", "light", null, "Default" }, { "en", "dark", null, "Default" }, { "zh", "dark", null, "Default" }, { "en", "light", null, "Default" },
        { "zh", "light", "security", "Default" }, { "en", "light", "auditor", "Default" }, { "zh", "light", "jyj-admin", "市教育局" }, { "en", "light", "jyj-op", "市教育局" }, { "zh", "dark", "jyj-view", "市教育局" },
    };

    [Theory, MemberData(nameof(People))]
    public async Task every_page_of_the_menu_opens(string language, string theme, string? user, string domain)
    {
        await using var visit = await estate.Visit(language, theme, user: user, domain: domain);
        var links = await visit.Menu();
        Assert.True(links.Length >= 5, $"{user} sees {links.Length} entries");
        foreach (var link in links.Append("/console/account"))
        {
            await visit.Open(link["/console".Length..]);
            var name = link == "/console" ? "home" : link["/console/".Length..].Replace('/', '-');
            await visit.Picture($"{user ?? "admin"}-{name}-{language}-{theme}");
            Assert.True(await visit.Page.Locator("[data-refused]").CountAsync() == 0, $"{user} is refused on {link}: {await visit.Page.Locator(".xy-main").InnerTextAsync()}");
        }
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task a_server_shows_all_its_sides(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme, user: "jyj-op", domain: "市教育局");
        await visit.Open("/servers");
        await visit.Page.Locator(".xy-table .xy-name").First.ClickAsync();
        await visit.Page.WaitForSelectorAsync(".xy-facts");
        foreach (var tab in new[] { "summary", "metrics", "topology", "actions", "log", "console" })
        {
            await visit.Page.ClickAsync($"#tab-{tab}");
            await visit.Page.WaitForURLAsync("**tab=" + tab);
            await visit.Settle();
            await visit.Picture($"server-{tab}-{language}-{theme}");
        }
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task a_host_shows_who_burdens_it_and_leads_to_the_servers_metrics(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme);
        await visit.Open("/hosts");
        await visit.Page.ClickAsync("tbody .xy-name >> nth=0");
        await visit.Page.WaitForSelectorAsync(".xy-main dl");
        for (var tries = 0; tries < 60 && await visit.Page.Locator("#who tbody tr").CountAsync() == 0; tries++)
        {
            await visit.Page.WaitForTimeoutAsync(1500); // the first sample comes after half a minute, the first rate after a minute
            await visit.Page.ClickAsync(".xy-head button");
            await visit.Settle();
        }
        await visit.Picture($"host-{language}-{theme}");
        await visit.Page.ClickAsync("#who .xy-name >> nth=0");
        await visit.Page.WaitForSelectorAsync("#metrics dl");
        await visit.Page.ClickAsync("#period-month");
        await visit.Settle();
        await visit.Picture($"metrics-{language}-{theme}");
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh", "登录")]
    [InlineData("en", "Sign in")]
    public async Task a_wrong_password_is_told_in_the_readers_language(string language, string title)
    {
        await using var visit = await Browser.Visit.Begin(estate.Chromium, estate.Url, language);
        await visit.Page.GotoAsync("/console/servers");
        Assert.Equal(title, await visit.Page.InnerTextAsync("h1"));
        await visit.Page.FillAsync("[name=user]", "nobody-of-that-name");
        await visit.Page.FillAsync("[name=password]", "wrong");
        await visit.Page.ClickAsync("#sign-in");
        await visit.Page.WaitForSelectorAsync("[role=alert]");
        await visit.Picture($"sign-in-{language}");
        visit.IsClean();
    }

    [Fact]
    public async Task a_page_fits_from_a_notebook_to_4k()
    {
        foreach (var (width, height) in new[] { (1366, 768), (1920, 1080), (3840, 2160) })
        {
            await using var visit = await estate.Visit(width: width, height: height);
            foreach (var path in new[] { "", "/servers?f.all=1", "/hosts" })
            {
                await visit.Open(path);
                await visit.Picture($"size-{width}-{(path.Length == 0 ? "home" : path[1..].Split('?')[0])}");
                Assert.False(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth + 1"), $"{path} scrolls sideways at {width}");
            }
            visit.IsClean();
        }
    }
}
