using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>The quota tree as a picture: an edge is dragged, what the rule allows bounds it, and only what was confirmed is granted.</summary>
public sealed class QuotaPictures(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task a_managers_drag_changes_a_grant_after_it_was_confirmed(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme, user: language == "zh" ? "rsj-admin" : "wjw-admin", domain: language == "zh" ? "市人力资源和社会保障局" : "市卫生健康委员会", height: 1000);
        var page = visit.Page;
        await visit.Open("/organisations");
        await page.WaitForSelectorAsync(".xy-ice-edge");
        await page.Locator(".xy-ice").ScrollIntoViewIfNeededAsync();
        await visit.Picture($"icicle-{language}-{theme}");
        var edge = page.Locator(".xy-ice-edge").First;
        var node = await edge.EvaluateAsync<string>("e => e.closest('[data-node]').dataset.node");
        async Task<long> Told(string what) => long.Parse(await page.Locator($"[data-node='{node}'] > .xy-ice-box > .xy-ice-edge").GetAttributeAsync(what) ?? "");
        var (before, least) = (await Told("aria-valuenow"), await Told("aria-valuemin"));

        var box = (await edge.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 40, box.Y + 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 40, box.Y - 30, new MouseMoveOptions { Steps = 5 });
        await page.WaitForSelectorAsync(".xy-ice-bubble");
        await visit.Picture($"icicle-drag-{language}-{theme}");
        await page.Mouse.MoveAsync(box.X + 40, box.Y - 2000, new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();
        await page.WaitForSelectorAsync("#form-amount");
        Assert.Equal($"{least}", await page.InputValueAsync("#form-amount")); // not less than the rule allows, however far it is dragged
        await visit.Picture($"icicle-confirm-{language}-{theme}");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync(".mud-dialog", new() { State = WaitForSelectorState.Detached });
        Assert.Equal(before, await Told("aria-valuenow"));

        await page.Locator($"[data-node='{node}'] > .xy-ice-box > .xy-ice-edge").FocusAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#form-amount");
        var wanted = long.Parse(await page.InputValueAsync("#form-amount"));
        Assert.InRange(wanted, least, before - 1);
        await page.ClickAsync("#submit");
        await page.WaitForFunctionAsync("([node, wanted]) => document.querySelector(`[data-node='${node}'] > .xy-ice-box > .xy-ice-edge`)?.getAttribute('aria-valuenow') === wanted", new[] { node, $"{wanted}" });
        await page.ClickAsync($"[data-change='{node}']");
        await page.FillAsync("#form-amount", $"{before}");
        await page.ClickAsync("#submit");
        await page.WaitForFunctionAsync("([node, wanted]) => document.querySelector(`[data-node='${node}'] > .xy-ice-box > .xy-ice-edge`)?.getAttribute('aria-valuenow') === wanted", new[] { node, $"{before}" });
        visit.IsClean();
    }

    [Fact]
    public async Task the_whole_cloud_fits_into_one_picture_and_who_only_reads_cannot_drag()
    {
        await using var admin = await estate.Visit(height: 1200);
        await admin.Open("/organisations?id=cloud");
        await admin.Page.WaitForSelectorAsync(".xy-ice-below .xy-ice-box");
        await admin.Page.Locator(".xy-ice").ScrollIntoViewIfNeededAsync();
        Assert.True(await admin.Page.Locator(".xy-ice-box").CountAsync() > 100);
        await admin.Picture("icicle-cloud-zh");
        admin.IsClean();
        await using var reader = await estate.Visit("en", user: "jyj-view", domain: "市教育局");
        await reader.Open("/organisations");
        await reader.Page.WaitForSelectorAsync(".xy-ice-box");
        Assert.Equal(0, await reader.Page.Locator(".xy-ice-edge, [data-change], #change").CountAsync());
        reader.IsClean();
    }
}
