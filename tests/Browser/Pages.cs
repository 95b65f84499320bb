[assembly: AssemblyFixture(typeof(Xiangyun.Browser.Estate))]

namespace Xiangyun.Browser;

/// <summary>Every page, in both languages and both themes: no error in the browser, nothing from elsewhere, a picture of each.</summary>
public sealed class Pages(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task every_page_of_the_menu_opens(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme);
        var links = await visit.Page.EvalOnSelectorAllAsync<string[]>(".xy-entry", "all => all.map(a => a.getAttribute('href'))");
        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            await visit.Open(link["/console".Length..]);
            var name = link == "/console" ? "home" : link["/console/".Length..].Replace('/', '-');
            await visit.Picture($"{name}-{language}-{theme}");
            Assert.Equal(0, await visit.Page.Locator(".xy-blank:has-text('403')").CountAsync());
        }
        visit.IsClean();
    }
}
