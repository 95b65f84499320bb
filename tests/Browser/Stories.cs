using System.Globalization;
using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>The story of the thirty islands on the estate of `try`: what it says at the beginning, one step, and the step back.</summary>
public sealed class Stories(Estate estate)
{
    private const float Long = 180_000;

    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task one_data_centre_moves_to_the_cloud_and_back(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme);
        var page = visit.Page;
        await visit.Open("/story");
        await page.WaitForSelectorAsync("#story-islands");
        Assert.Equal(30, await page.Locator("#story-islands tbody tr").CountAsync());
        await page.WaitForFunctionAsync("() => /\\d/.test(document.querySelector('#story-use').innerText)", null, new() { Timeout = Long });
        var use = double.Parse((await page.InnerTextAsync("#story-use")).Replace(" %", ""), CultureInfo.InvariantCulture);
        Assert.InRange(use, 0.1, 16);
        await page.WaitForSelectorAsync("#story-plan");
        Assert.Equal(5, await page.Locator("#story-plan tbody tr").CountAsync());
        Assert.Matches("\\d", await page.InnerTextAsync("#story-watts"));
        Assert.Equal(9, await page.Locator("#story-sources tbody tr").CountAsync());
        await visit.Picture($"story-before-{language}-{theme}");
        await page.Locator("#story-plan").ScrollIntoViewIfNeededAsync();
        await visit.Picture($"story-plan-{language}-{theme}");

        await page.ClickAsync("#story-next");
        await page.WaitForFunctionAsync("() => document.querySelector('#story-closed').innerText.startsWith('1 ') && !document.querySelector('#story-next').disabled", null, new() { Timeout = Long });
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#story-ledger tbody tr').length === 1", null, new() { Timeout = Long });
        await page.WaitForFunctionAsync("() => /\\d/.test(document.querySelector('#story-kwh').innerText) && /\\d/.test(document.querySelector('#story-money').innerText)", null, new() { Timeout = Long });
        await page.Locator("#story-sources").ScrollIntoViewIfNeededAsync();
        await visit.Settle();
        await visit.Picture($"story-sources-{language}-{theme}");
        await page.Locator("#story-use").ScrollIntoViewIfNeededAsync();
        await visit.Picture($"story-one-{language}-{theme}");

        await page.ClickAsync("#story-back");
        await page.WaitForFunctionAsync("() => document.querySelector('#story-closed').innerText.startsWith('0 ') && !document.querySelector('#story-next').disabled", null, new() { Timeout = Long });
        await page.WaitForFunctionAsync("() => !document.querySelector('#story-ledger tbody tr')", null, new() { Timeout = Long });
        visit.IsClean();
    }

    [Fact]
    public async Task a_bureau_has_no_entry_for_it()
    {
        await using var visit = await estate.Visit("zh", user: "jyj-op", domain: "市教育局");
        Assert.DoesNotContain("/console/story", await visit.Menu());
    }
}
