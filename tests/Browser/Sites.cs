namespace Xiangyun.Browser;

/// <summary>A bureau's own view: a site is opened, gathers its servers, and says how it is.</summary>
public sealed class Sites(Estate estate)
{
    [Theory]
    [InlineData("zh", "light", "dag", "市档案馆")]
    [InlineData("en", "dark", "slj", "市水利局")]
    public async Task a_site_is_opened_changed_and_shows_what_it_consists_of(string language, string theme, string bureau, string domain)
    {
        await using var visit = await estate.Visit(language, theme, user: bureau + "-op", domain: domain);
        await visit.Open("/sites");
        await visit.Picture($"sites-{language}-{theme}");
        await visit.Page.ClickAsync("#create");
        await visit.Page.FillAsync("#form-name", "开放平台");
        await visit.Page.FillAsync("#form-hosts", "not a name");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync(".mud-dialog [role=alert]");
        await visit.Page.FillAsync("#form-hosts", $"open.{bureau}.city.example 开放.{bureau}.example");
        await visit.Page.FillAsync("#form-registration", "京ICP备12345678号-1");
        await visit.Page.WaitForSelectorAsync("[data-resource='hosting.sites']");
        await visit.Picture($"site-form-{language}-{theme}");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync(".mud-dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await visit.Page.ClickAsync("tr:has-text('开放平台') .xy-name");
        await visit.Page.WaitForSelectorAsync(".xy-facts");
        await visit.Page.ClickAsync("#choose");
        await visit.Page.ClickAsync("#members [data-member] >> nth=0");
        await visit.Page.ClickAsync("#members [data-member] >> nth=1");
        await visit.Page.ClickAsync("#keep");
        await visit.Page.WaitForSelectorAsync("#members tbody tr >> nth=1");
        await visit.Settle();
        await visit.Picture($"site-{language}-{theme}");
        Assert.Contains("京ICP备12345678号-1", await visit.Page.InnerTextAsync(".xy-facts"));
        await visit.Open("/search?q=open." + bureau);
        await visit.Page.WaitForSelectorAsync("a:has-text('开放平台')");
        visit.IsClean();
    }

    [Fact]
    public async Task the_form_for_an_address_offers_only_what_is_limited_and_tells_what_is_left_of_the_exit()
    {
        await using var visit = await estate.Visit("zh", user: "kjj-op", domain: "市科学技术局");
        await visit.Open("/approvals?show=mine");
        await visit.Page.ClickAsync("#create");
        await visit.Page.ClickAsync("#ask-floating_ip");
        await visit.Page.WaitForSelectorAsync("#form-limit");
        Assert.Equal(0, await visit.Page.Locator("#form-limit option[value='']").CountAsync());
        await visit.Page.WaitForSelectorAsync("[data-resource='network.exit_bandwidth']");
        await visit.Picture("ask-address-exit-zh");
        visit.IsClean();
    }
}
