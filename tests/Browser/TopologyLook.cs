namespace Xiangyun.Browser;

/// <summary>The picture of the whole estate: about a thousand servers with their networks, exits and hosts, and still quick to move in.</summary>
public sealed class TopologyLook(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task a_thousand_servers_are_drawn_found_and_moved_in(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme, width: 1920, height: 1080);
        var page = visit.Page;
        await visit.Open("/topology");
        await page.WaitForSelectorAsync(".xy-chart canvas");
        await page.WaitForTimeoutAsync(1500);
        await visit.Picture($"topology-{language}-{theme}");
        var nodes = await page.EvaluateAsync<int>("() => xy.chartOf(document.querySelector('.xy-chart')).getModel().getSeriesByIndex(0).getData().count()");
        Assert.InRange(nodes, 900, 2000);
        // the picture begins so that everything is in it
        Assert.True(await page.EvaluateAsync<bool>("""
            () => { const chart = xy.chartOf(document.querySelector('.xy-chart')), data = chart.getModel().getSeriesByIndex(0).getData(), view = chart.getModel().getSeriesByIndex(0).coordinateSystem;
              for (let n = 0; n < data.count(); n++) { const [x, y] = view.dataToPoint(data.getItemLayout(n)); if (x < 0 || y < 0 || x > chart.getWidth() || y > chart.getHeight()) return false; } return true; }
            """), "some node lies outside of the picture");

        // moving: a frame for each step of a drag, and what each took
        var frames = await page.EvaluateAsync<double[]>("""
            async () => {
              const canvas = document.querySelector('.xy-chart canvas'), at = canvas.getBoundingClientRect(), taken = [];
              const fire = (kind, x, y) => canvas.dispatchEvent(new MouseEvent(kind, { bubbles: true, clientX: at.left + x, clientY: at.top + y, buttons: 1 }));
              fire('mousedown', 20, 300);
              for (let n = 0; n < 60; n++) {
                const began = performance.now();
                fire('mousemove', 20 + n * 4, 300 + n);
                await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);
                taken.push((performance.now() - began) / 2);
              }
              fire('mouseup', 260, 360);
              return taken.sort((a, b) => a - b);
            }
            """);
        TestContext.Current.SendDiagnosticMessage($"topology with {nodes} nodes: a frame while dragging takes {frames[30]:0} ms (median), {frames[57]:0} ms (95th of 100)");
        Assert.InRange(frames[30], 0, 400);

        await visit.Open("/servers?f.all=1");
        var name = await page.InnerTextAsync("tbody .xy-name >> nth=3");
        await visit.Open("/topology");
        await page.FillAsync("#find", name);
        await page.PressAsync("#find", "Enter");
        await page.WaitForFunctionAsync("name => { const s = xy.chartOf(document.querySelector('.xy-chart'))?.getModel().getSeriesByIndex(0); if (!s || s.get('zoom') < 2) return false; const data = s.getData(), n = data.indexOfName(name); const [x, y] = s.coordinateSystem.dataToPoint(data.getItemLayout(n)); const c = xy.chartOf(document.querySelector('.xy-chart')); return Math.abs(x - c.getWidth() / 2) < c.getWidth() / 4 && Math.abs(y - c.getHeight() / 2) < c.getHeight() / 4; }", name);
        await page.WaitForTimeoutAsync(500);
        await visit.Picture($"topology-found-{language}-{theme}");
        await page.SelectOptionAsync("#filter-bureau", new Microsoft.Playwright.SelectOptionValue { Label = "市教育局" });
        await page.WaitForURLAsync("**bureau=**");
        await page.WaitForFunctionAsync("most => { const n = xy.chartOf(document.querySelector('.xy-chart'))?.getModel().getSeriesByIndex(0).getData().count(); return n >= 20 && n <= most; }", nodes - 200);
        await visit.Settle();
        await visit.Picture($"topology-bureau-{language}-{theme}");
        visit.IsClean();
    }
}
