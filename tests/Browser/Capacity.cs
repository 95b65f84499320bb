namespace Xiangyun.Browser;

/// <summary>Capacity planning for the operator, right-sizing for the bureau.</summary>
public sealed class Capacity(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task an_operator_sees_what_is_left_and_asks_what_would_be_if(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme);
        await visit.Open("/capacity");
        await visit.Page.WaitForSelectorAsync("#runway tbody tr");
        await visit.Page.WaitForSelectorAsync("#outcome");
        await visit.Page.EvaluateAsync("() => { const s = document.querySelector('#wi-add'); s.value = 150; s.dispatchEvent(new Event('change', { bubbles: true })); }");
        await visit.Page.WaitForSelectorAsync("#fits");
        Assert.Contains("/ 150", await visit.Page.InnerTextAsync("#fits"));
        await visit.Page.EvaluateAsync("() => { const s = document.querySelector('#wi-lose'); s.value = 3; s.dispatchEvent(new Event('change', { bubbles: true })); }");
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#wi-lose + output').innerText === '3'");
        await visit.Settle();
        await visit.Picture($"capacity-{language}-{theme}");
        await visit.Page.Locator("#what-if").ScrollIntoViewIfNeededAsync();
        await visit.Picture($"capacity-what-if-{language}-{theme}");
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh", "light", "jyj-admin")]
    [InlineData("en", "dark", "jyj-op")]
    public async Task a_bureau_sees_advice_idle_things_its_use_and_its_window(string language, string theme, string user)
    {
        await using var visit = await estate.Visit(language, theme, user: user, domain: "市教育局");
        foreach (var tab in new[] { "advice", "idle", "use", "window" })
        {
            await visit.Open("/right-sizing?tab=" + tab);
            await visit.Page.WaitForSelectorAsync(tab == "window" ? "#window p" : ".xy-table, .xy-blank");
            await visit.Settle();
            Assert.Equal(0, await visit.Page.Locator("[data-refused]").CountAsync());
            await visit.Picture($"right-sizing-{tab}-{language}-{theme}");
        }
        visit.IsClean();
    }
}
