namespace Xiangyun.Browser;

/// <summary>An operator sets a cluster's policy, makes a plan, looks at the packing before and after, lets it run, stops it, and finds the way back.</summary>
public sealed class Consolidation(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task an_operator_plans_approves_stops_and_can_undo(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme, height: 1000);
        var page = visit.Page;
        await visit.Open("/consolidation");
        await page.WaitForSelectorAsync("#cluster-card");
        await page.ClickAsync("#policy");
        await page.SelectOptionAsync("#form-aim", "consolidate");
        await page.FillAsync("#form-per_host", "1");
        await page.FillAsync("#form-concurrent", "2");
        await page.FillAsync("#form-per_vm", "50");
        await page.FillAsync("#form-windows", "someday");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync(".xy-note.bad");
        await visit.Picture($"consolidation-policy-{language}-{theme}");
        await page.FillAsync("#form-windows", "mon,tue,wed,thu,fri,sat,sun 00:00-00:00");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync("#form", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await visit.Settle();
        await visit.Picture($"consolidation-{language}-{theme}");

        await page.ClickAsync("#make");
        await page.ClickAsync("#submit");
        await page.WaitForURLAsync("**/consolidation/plans/*");
        await page.WaitForSelectorAsync("#moves tbody tr");
        await visit.Settle();
        await visit.Picture($"consolidation-plan-{language}-{theme}");
        await page.ClickAsync("#approve");
        await page.ClickAsync("#confirm");
        await page.WaitForSelectorAsync("#stop");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('#moves tbody .xy-tag')].some(t => t.classList.contains('good'))"); // a move is done
        await page.ClickAsync("#stop");
        await page.FillAsync("#form-reason", "test");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync("#undo");
        await visit.Settle();
        await visit.Picture($"consolidation-stopped-{language}-{theme}");
        await page.ClickAsync("#undo");
        await page.ClickAsync("#confirm");
        await page.WaitForSelectorAsync("#approve"); // the undo is a plan of its own
        await page.ClickAsync("#approve");
        await page.ClickAsync("#confirm");
        await page.WaitForSelectorAsync("#state.good", new() { Timeout = 90_000 });
        await visit.Picture($"consolidation-undo-{language}-{theme}");
        visit.IsClean();
    }
}
