namespace Xiangyun.Browser;

/// <summary>What people come for: from the sign-in page to the thing that is there afterwards.</summary>
public sealed class Journeys(Estate estate)
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_server_is_made_from_the_form_with_its_plan_and_deleted_again(string language)
    {
        await using var visit = await estate.Visit(language, user: "xfj-op", domain: "市信访局");
        var (page, name) = (visit.Page, $"journey-{language}");
        await visit.Open("/servers/create");
        await page.WaitForSelectorAsync("#placement");
        await page.FillAsync("#name", name);
        await visit.Picture($"create-{language}");
        await page.ClickAsync("#submit");
        await page.WaitForURLAsync("**/console/servers");
        await page.FillAsync("#filter-name", name);
        await page.PressAsync("#filter-name", "Enter");
        await page.WaitForURLAsync("**f.name=*");
        await page.WaitForSelectorAsync($"tr:has-text('{name}') .xy-good");
        await page.CheckAsync($"tr:has-text('{name}') .xy-tick input");
        await page.ClickAsync(".xy-tools .xy-danger");
        await page.WaitForSelectorAsync("#confirm");
        await visit.Picture($"confirm-{language}");
        await page.ClickAsync("#confirm");
        await page.WaitForSelectorAsync(".xy-blank");
        visit.IsClean();
    }

    [Fact]
    public async Task the_screen_of_a_server_is_shown_in_its_page()
    {
        await using var visit = await estate.Visit("zh", user: "jyj-op", domain: "市教育局");
        await visit.Open("/servers?f.status=ACTIVE");
        var link = await visit.Page.Locator(".xy-table .xy-name").First.GetAttributeAsync("href");
        await visit.Open(link!["/console".Length..] + "?tab=console");
        await visit.Page.ClickAsync("#open-console");
        await visit.Page.FrameLocator("#screen").Locator("body[data-state=connected]").WaitForAsync();
        await visit.Page.WaitForTimeoutAsync(800);
        await visit.Picture("screen-zh");
        visit.IsClean();
    }

    [Fact]
    public async Task the_audit_log_names_the_address_of_the_browser_and_the_person()
    {
        await using var visit = await estate.Visit("zh", user: "dag-admin", domain: "市档案馆");
        await visit.Open("/audit?f.action=token.create&f.user=dag-admin");
        Assert.Contains("127.0.0.1", await visit.Page.InnerTextAsync("tbody"));
        await visit.Page.Locator("tbody a").First.ClickAsync();
        await visit.Page.WaitForSelectorAsync(".xy-facts");
        await visit.Picture("audit-record-zh");
        visit.IsClean();
    }

    [Fact]
    public async Task a_form_tells_what_is_left_of_the_quota_and_does_not_offer_more()
    {
        await using var visit = await estate.Visit("en", user: "xfj-op", domain: "市信访局");
        await visit.Open("/volumes");
        await visit.Page.ClickAsync("#create");
        await visit.Page.FillAsync("#form-name", "too-large");
        await visit.Page.WaitForSelectorAsync(".xy-takes[data-resource='volume.gigabytes']:has-text('left')");
        Assert.True(await visit.Page.IsEnabledAsync("#submit"));
        await visit.Page.FillAsync("#form-size", "50000");
        await visit.Page.WaitForSelectorAsync(".mud-dialog .xy-note.bad:has-text('quota')");
        Assert.True(await visit.Page.IsDisabledAsync("#submit"));
        await visit.Picture("form-quota-en");
        visit.IsClean();
    }

    [Fact]
    public async Task a_form_shows_what_the_cloud_refuses_and_stays_open()
    {
        await using var visit = await estate.Visit("en", user: "xfj-op", domain: "市信访局");
        await visit.Open("/networks");
        await visit.Page.ClickAsync("#create");
        await visit.Page.FillAsync("#form-name", "half-a-network");
        await visit.Page.FillAsync("#form-cidr", "10.1.0.0/99");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync(".mud-dialog .xy-note.bad");
        Assert.Contains("10.1.0.0/99", await visit.Page.InnerTextAsync(".mud-dialog .xy-note.bad"));
        await visit.Picture("form-refused-en");
        await visit.Open("/networks");
        Assert.DoesNotContain("half-a-network", await visit.Page.InnerTextAsync("tbody"));
        visit.IsClean();
    }

    [Fact]
    public async Task the_language_changes_where_one_stands_and_the_address_is_kept()
    {
        await using var visit = await estate.Visit("zh", user: "xfj-op", domain: "市信访局");
        await visit.Open("/servers?f.status=ACTIVE&sort=-display_name");
        await visit.Page.ClickAsync("#language");
        await visit.Settle();
        Assert.Equal("Servers", await visit.Page.InnerTextAsync("h1"));
        Assert.Contains("f.status=ACTIVE", visit.Page.Url);
        Assert.Equal("ACTIVE", await visit.Page.InputValueAsync("#filter-status"));
        visit.IsClean();
    }

    [Fact]
    public async Task whoever_may_only_read_is_offered_nothing_to_change()
    {
        await using var visit = await estate.Visit("en", user: "jyj-view", domain: "市教育局");
        foreach (var path in new[] { "/servers", "/volumes", "/networks", "/security-groups", "/images", "/snapshots" })
        {
            await visit.Open(path);
            Assert.Equal(0, await visit.Page.Locator("#create, .xy-tick, tbody .xy-menu").CountAsync());
        }
        visit.IsClean();
    }

    [Fact]
    public async Task the_search_finds_a_server_by_its_address()
    {
        await using var visit = await estate.Visit("zh", user: "jyj-op", domain: "市教育局");
        await visit.Open("/servers");
        var address = await visit.Page.Locator("td .xy-copy code").Nth(1).GetAttributeAsync("title");
        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync(address!);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync(".xy-list-plain li");
        await visit.Picture("search-zh");
        Assert.Contains("jyj-", await visit.Page.InnerTextAsync(".xy-list-plain"));
        visit.IsClean();
    }
}
