using System.Text.Json;
using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>The big screen on a wall: opened by its link alone, honest about old numbers, and the same after days.</summary>
public sealed class BigScreen(Estate estate)
{
    private async Task<string> Link()
    {
        await using var admin = await estate.Visit("zh");
        await admin.Open("/screen-links");
        await admin.Page.ClickAsync("#create");
        await admin.Page.FillAsync("#form-name", "大厅");
        await admin.Page.ClickAsync("#submit");
        var link = await admin.Page.Locator("#link a").GetAttributeAsync("href");
        await admin.Picture("screen-links-zh");
        admin.IsClean();
        return link!;
    }

    [Theory]
    [InlineData("zh", 1920, 1080)]
    [InlineData("en", 3840, 2160)]
    public async Task a_link_opens_it_without_a_person_and_every_scene_shows_counted_numbers(string language, int width, int height)
    {
        var link = await Link();
        await using var wall = await Visit.Begin(estate.Chromium, estate.Url, language, width: width, height: height);
        await wall.Page.GotoAsync(link);
        await wall.Page.WaitForFunctionAsync("() => window.xyWall?.got > 0");
        Assert.Equal("30", await wall.Page.InnerTextAsync("[data-key=bureaus] strong"));
        for (var scene = 0; scene < 4; scene++)
        {
            await wall.Page.WaitForTimeoutAsync(300);
            await wall.Picture($"wall-{scene}-{language}");
            Assert.Equal(0, await wall.Page.Locator(".scene:not([hidden]) .tile strong:text-is('—')").CountAsync());
            Assert.True(await wall.Page.EvaluateAsync<bool>("() => document.documentElement.scrollHeight <= innerHeight && [...document.querySelectorAll('.scene:not([hidden]) .tile strong')].every(s => s.scrollWidth <= s.clientWidth + 1 && parseFloat(getComputedStyle(s).fontSize) >= 48)"), $"scene {scene} does not fit");
            await wall.Page.Keyboard.PressAsync("ArrowRight");
        }
        wall.IsClean();
    }

    [Fact]
    public async Task every_number_leads_to_a_page_where_it_was_counted()
    {
        var link = await Link();
        await using var visit = await estate.Visit("en");
        await visit.Page.GotoAsync(link);
        await visit.Page.WaitForFunctionAsync("() => window.xyWall?.got > 0");
        var evidence = await visit.Page.EvalOnSelectorAllAsync<string[]>(".tile[href]", "all => [...new Set(all.map(a => a.getAttribute('href')))]");
        Assert.True(evidence.Length >= 4, string.Join(' ', evidence));
        foreach (var page in evidence)
        {
            Assert.StartsWith("/console", page);
            await visit.Page.GotoAsync(page);
            await visit.Settle();
            Assert.True(await visit.Page.Locator("[data-refused]").CountAsync() == 0, page);
        }
        visit.IsClean();
    }

    [Fact]
    public async Task five_thousand_updates_leave_its_memory_flat_and_old_numbers_turn_grey()
    {
        var link = await Link();
        await using var wall = await Visit.Begin(estate.Chromium, estate.Url, width: 960, height: 540);
        var page = wall.Page;
        await page.GotoAsync(link);
        await page.WaitForFunctionAsync("() => window.xyWall?.got > 0");
        var devices = await page.Context.NewCDPSessionAsync(page);
        async Task<double> Heap()
        {
            await Task.Delay(2000); // charts that still move into place hold what they came from
            await devices.SendAsync("HeapProfiler.collectGarbage");
            await devices.SendAsync("HeapProfiler.collectGarbage");
            var found = await devices.SendAsync("Runtime.getHeapUsage");
            return found!.Value.GetProperty("usedSize").GetDouble();
        }
        async Task Feed(int updates) => await page.EvaluateAsync("""
            async updates => {
              const { newest, show, turn } = xyWall;
              for (let n = 0; n < updates; n++) {
                const next = structuredClone(newest);
                next.number += n; next.now = Date.now();
                for (const f of Object.values(next.figures)) { f.value += n % 7; f.as_of = next.now; }
                next.curve = Array.from({ length: 200 }, (_, i) => [next.now - i * 60000, (n + i) % 100]).reverse();
                show(next);
                if (n % 100 === 0) { turn(n / 100); await new Promise(requestAnimationFrame); }
              }
            }
            """, updates);
        await Feed(500);
        var before = await Heap();
        await Feed(5000);
        var after = await Heap();
        TestContext.Current.SendDiagnosticMessage($"heap of the big screen: {before / 1e6:0.0} MB after 500 updates, {after / 1e6:0.0} MB after 5 500");
        Assert.InRange(after - before, double.MinValue, 2e6);

        await page.EvaluateAsync("() => { const old = structuredClone(xyWall.newest); for (const f of Object.values(old.figures)) f.as_of = old.now - 3600e3; xyWall.turn(0); xyWall.show(old); }");
        await page.WaitForSelectorAsync(".tile.old");
        await wall.Picture("wall-stale-zh");
        await page.GotoAsync("about:blank");
        await page.GotoAsync("/console/screen#wrong");
        await page.WaitForSelectorAsync("#trouble:not([hidden])");
        Assert.Contains("令牌", await page.InnerTextAsync("#trouble"));
        wall.Forget(); // the refusal is told in the browser's console too
    }

    [Fact]
    public async Task when_the_stream_is_cut_numbers_grow_old_and_are_new_again_when_it_is_back()
    {
        const string Fresh = "() => document.querySelectorAll('.tile strong').length > 0 && ![...document.querySelectorAll('.tile')].some(t => t.offsetParent && t.querySelector('[data-of]')?.parentElement.classList.contains('old'))";
        var link = await Link();
        await using var relay = new Relay(estate.Url);
        await using var wall = await Visit.Begin(estate.Chromium, relay.Url, "en", width: 1920, height: 1080);
        var page = wall.Page;
        page.SetDefaultTimeout(60_000);
        await page.Clock.InstallAsync(); // time flows as ever, and can be moved on
        await page.GotoAsync(relay.Url + new Uri(new Uri(relay.Url), link).PathAndQuery + new Uri(new Uri(relay.Url), link).Fragment);
        await page.WaitForFunctionAsync("() => window.xyWall?.got > 0");
        await page.WaitForFunctionAsync(Fresh);
        relay.Cut();
        await page.WaitForSelectorAsync("#trouble:not([hidden])");
        var (numbers, got) = (await page.Locator(".scene:not([hidden]) .tile strong").AllInnerTextsAsync(), await page.EvaluateAsync<int>("() => xyWall.got"));
        await page.Clock.FastForwardAsync(3_600_000);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.scene:not([hidden]) .tile')].every(t => t.matches('.old, :has(.old)'))");
        Assert.Equal(got, await page.EvaluateAsync<int>("() => xyWall.got")); // nothing came meanwhile, and nothing was made up:
        var scene = await page.Locator(".scene:not([hidden]) .tile strong").AllInnerTextsAsync();
        if (scene.Count == numbers.Count) Assert.All(scene, n => Assert.NotEqual("", n));
        await wall.Picture("wall-cut-en");
        relay.Mend();
        await page.WaitForFunctionAsync("got => xyWall.got > got", got);
        await page.WaitForFunctionAsync(Fresh);
        await page.WaitForSelectorAsync("#trouble", new() { State = WaitForSelectorState.Hidden });
        wall.Forget(); // what could not be reached is told in the browser's console, too
    }
}
