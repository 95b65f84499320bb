namespace Xiangyun.Browser;

/// <summary>Going anywhere and beginning anything with the keyboard alone; and lists as somebody left them, on any machine.</summary>
public sealed class Palette(Estate estate)
{
    private static async Task Ask(Visit visit, string text)
    {
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.WaitForSelectorAsync("#palette[open]");
        await visit.Page.Keyboard.TypeAsync(text);
        await visit.Page.WaitForFunctionAsync("text => document.querySelector('#palette-list[aria-busy=false]')?.dataset.for === text && document.querySelector('#palette-list .xy-option.on')", text);
    }

    [Theory]
    [InlineData("zh", "云硬盘", "创建云主机")]
    [InlineData("en", "volumes", "create server")]
    public async Task the_keyboard_alone_leads_to_a_page_a_thing_and_a_form(string language, string page, string doing)
    {
        await using var visit = await estate.Visit(language, user: "jyj-op", domain: "市教育局");
        await Ask(visit, page);
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("ArrowUp");
        await visit.Picture($"palette-{language}");
        await visit.Page.WaitForSelectorAsync("#palette-list .xy-section");
        // what can be begun stands before pages; the page is the first entry of its own name
        var pages = await visit.Page.Locator("#palette-list .xy-option > span").AllInnerTextsAsync();
        for (var n = 0; n < pages.ToList().FindIndex(p => p.Equals(page, StringComparison.OrdinalIgnoreCase)); n++) await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.WaitForFunctionAsync("page => document.querySelector('#palette-list .on > span')?.textContent.toLowerCase() === page", page.ToLowerInvariant());
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/console/volumes");
        await visit.Settle();

        await visit.Open("/servers");
        var name = await visit.Page.InnerTextAsync("tbody .xy-name >> nth=0");
        await Ask(visit, name);
        await visit.Page.WaitForFunctionAsync("name => document.querySelector('#palette-list .on > span')?.textContent === name", name);
        await visit.Picture($"palette-found-{language}");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForFunctionAsync("name => document.querySelector('h1')?.textContent === name", name);

        await Ask(visit, doing);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/console/servers/create");
        await Ask(visit, language == "zh" ? "创建云硬盘" : "create volume");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync(".mud-dialog #form-name");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.WaitForSelectorAsync("#palette[open]");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.WaitForFunctionAsync("() => !document.querySelector('#palette[open]')");
        visit.IsClean();
    }

    [Fact]
    public async Task whoever_may_only_read_is_offered_its_own_pages_and_nothing_to_begin_there()
    {
        await using var visit = await estate.Visit("en", user: "jyj-view", domain: "市教育局");
        var menu = await visit.Menu();
        await Ask(visit, "");
        var offered = await visit.Page.Locator("#palette-list .xy-option > span").AllInnerTextsAsync();
        Assert.DoesNotContain(offered, o => o.StartsWith("Create", StringComparison.Ordinal));
        Assert.DoesNotContain("Hosts", offered);
        Assert.True(offered.Count >= menu.Length, $"{offered.Count} entries for {menu.Length} pages");
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_saved_view_follows_the_person_is_renamed_and_deleted(string language)
    {
        var name = $"已关机-{language}";
        await using (var first = await estate.Visit(language, user: "kjj-op", domain: "市科学技术局"))
        {
            await first.Open("/servers?f.status=SHUTOFF&sort=-created_at&columns=zone");
            await first.Page.ClickAsync("#views-servers > summary");
            await first.Page.FillAsync("#view-name", name);
            await first.Page.ClickAsync("#view-save");
            await first.Page.WaitForSelectorAsync($".xy-view a:has-text('{name}')[aria-current=true]");
            await first.Picture($"views-{language}");
            first.IsClean();
        }
        await using var other = await estate.Visit(language, user: "kjj-op", domain: "市科学技术局");
        await other.Open("/servers");
        await other.Page.ClickAsync("#views-servers > summary");
        await other.Page.ClickAsync($".xy-view a:has-text('{name}')");
        await other.Page.WaitForURLAsync("**f.status=SHUTOFF**columns=zone**");
        await other.Settle();
        Assert.Equal("SHUTOFF", await other.Page.InputValueAsync("#filter-status"));
        await other.Page.ClickAsync("#views-servers > summary");
        var row = other.Page.Locator($".xy-view:has-text('{name}')");
        await row.Locator("button").First.ClickAsync();
        await other.Page.FillAsync("#view-rename", name + "-2");
        await other.Page.PressAsync("#view-rename", "Enter");
        await other.Page.WaitForSelectorAsync($".xy-view a:has-text('{name}-2')");
        await other.Page.Locator($".xy-view:has-text('{name}-2') button").Nth(1).ClickAsync();
        await other.Page.WaitForFunctionAsync("name => ![...document.querySelectorAll('.xy-view a')].some(a => a.textContent.includes(name))", name);
        other.IsClean();
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task the_same_done_to_many_tells_each_ones_end(string language)
    {
        await using var visit = await estate.Visit(language);
        await visit.Open("/servers?f.all=1&size=500");
        // as an operator: to begin what runs is refused, and to begin what is off is done: one dialog tells both
        await visit.Page.CheckAsync("tbody tr:has(.xy-good) .xy-tick input >> nth=0");
        await visit.Page.CheckAsync("tbody tr:has(.xy-calm) .xy-tick input >> nth=0");
        await visit.Page.ClickAsync(".xy-tools .xy-button >> nth=0");
        await visit.Page.WaitForSelectorAsync("#outcomes .xy-bad");
        await visit.Page.WaitForSelectorAsync("#outcomes .xy-good");
        await visit.Picture($"outcomes-{language}");
        await visit.Page.ClickAsync("#outcomes-close");
        visit.IsClean();
    }
}
