using Deque.AxeCore.Commons;

namespace Xiangyun.Browser;

/// <summary>What every page owes to people who do not see it or use no mouse: axe-core finds nothing serious, on lists, first details, forms and the palette.</summary>
public sealed class Barriers(Estate estate)
{
    [Theory]
    [InlineData("en", "dark", null, "Default")]
    [InlineData("zh", "light", "jyj-op", "市教育局")]
    public async Task no_page_has_a_serious_barrier(string language, string theme, string? user, string domain)
    {
        await using var visit = await estate.Visit(language, theme, user: user, domain: domain);
        var found = new List<string>();
        foreach (var link in (await visit.Menu()).Append("/console/account").Append("/console/sign-in"))
        {
            await visit.Page.GotoAsync(link);
            if (link.EndsWith("sign-in", StringComparison.Ordinal)) { await Look(visit, link, found); continue; }
            await visit.Settle();
            await Look(visit, link, found);
            if (await visit.Page.Locator("button#create").CountAsync() > 0)
            {
                await visit.Page.ClickAsync("button#create");
                if (await Appears(visit, ".mud-dialog #form")) { await visit.Page.WaitForTimeoutAsync(300); await Look(visit, link + " form", found); }
                await visit.Page.GotoAsync(link);
                await visit.Settle();
            }
            if (link.EndsWith("/alarms", StringComparison.Ordinal)) // one page of each kind: hosts, guests, quotas
                foreach (var alarm in await visit.Page.EvaluateAsync<string[]>("() => [...new Map([...document.querySelectorAll('tbody tr a.xy-name')].map(a => [a.textContent, a.getAttribute('href')])).values()].slice(1)"))
                {
                    await visit.Page.GotoAsync(alarm);
                    await visit.Settle();
                    await Look(visit, alarm, found);
                    await visit.Page.GotoAsync(link);
                    await visit.Settle();
                }
            var row = visit.Page.Locator("tbody tr:first-child a.xy-name");
            if (await row.CountAsync() == 0 || await row.First.GetAttributeAsync("href") is not { } detail || detail.Count(c => c == '/') < 3) continue;
            await visit.Page.GotoAsync(detail);
            await visit.Settle();
            await Look(visit, detail, found);
            await visit.Picture($"{user ?? "admin"}-{link["/console/".Length..]}-detail-{language}-{theme}");
        }
        await visit.Open("");
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.WaitForSelectorAsync("#palette[open]");
        await Look(visit, "palette", found);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static async Task<bool> Appears(Visit visit, string selector)
    {
        try
        {
            await visit.Page.WaitForSelectorAsync(selector, new() { Timeout = 2500 });
            return true;
        }
        catch (TimeoutException)
        {
            return false; // the button opens a menu
        }
    }

    private static async Task Look(Visit visit, string where, List<string> found)
    {
        await visit.Page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
        found.AddRange((await visit.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | '))
            """)).Select(v => $"{where} {v}"));
    }
}
