namespace Xiangyun.Browser;

/// <summary>What is wrong and what goes on, as each sees it: found in the top bar, taken on, silenced, undone.</summary>
public sealed class Operations(Estate estate)
{
    [Theory]
    [InlineData("zh", "light")]
    [InlineData("en", "dark")]
    public async Task an_operator_sees_what_is_wrong_and_takes_it_on(string language, string theme)
    {
        await using var visit = await estate.Visit(language, theme);
        var silent = $"tr:has-text('{(language == "zh" ? "宿主机失联" : "Host does not answer")}')"; // the one host that is down
        await visit.Page.WaitForSelectorAsync("#bell-alarms b", new() { Timeout = 180_000 }); // the lease of the server that made the estate may still run
        await visit.Page.WaitForSelectorAsync("#home-alarms");
        await visit.Picture($"operations-home-{language}");
        await visit.Page.ClickAsync("#bell-alarms");
        await visit.Page.WaitForSelectorAsync(silent, new() { Timeout = 60_000 });
        await visit.Page.WaitForSelectorAsync("tr:has-text('wjw-biz-imaging01')");
        await visit.Settle();
        await visit.Picture($"alarms-{language}");
        await visit.Page.ClickAsync(silent + " .xy-name");
        await visit.Page.WaitForSelectorAsync(".xy-facts");
        await visit.Picture($"alarm-{language}");
        if (await visit.Page.Locator("#acknowledge").CountAsync() > 0)
        {
            await visit.Page.ClickAsync("#acknowledge");
            await visit.Page.FillAsync("#form-note", "已派人到机房 · somebody is on the way");
            await visit.Page.ClickAsync("#submit");
            await visit.Page.WaitForSelectorAsync("dd:has-text('somebody is on the way')");
        }
        await visit.Open("/alarms?f.state=acknowledged");
        await visit.Page.WaitForSelectorAsync(silent);
        await visit.Open("/alarm-settings");
        await visit.Picture($"alarm-settings-{language}");
        await visit.Page.ClickAsync("#change-quota-full-percent");
        await visit.Page.FillAsync("#form-value", "101");
        await visit.Page.ClickAsync("#submit");
        Assert.Equal(1, await visit.Page.Locator("#form-value").CountAsync());
        await visit.Page.FillAsync("#form-value", "88");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync("tr:has-text('quota.full.percent') b:has-text('88')");
        visit.IsClean();
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_bureau_sees_its_own_alarms_and_nobody_elses(string language)
    {
        await using var visit = await estate.Visit(language, user: "wjw-op", domain: "市卫生健康委员会");
        await visit.Open("/alarms");
        await visit.Page.WaitForSelectorAsync("tr:has-text('wjw-biz-imaging01')", new() { Timeout = 60_000 });
        Assert.Equal(0, await visit.Page.Locator($".xy-name:has-text('{(language == "zh" ? "宿主机" : "host")}')").CountAsync()); // no alarm of a host; why a server found none may name them
        await visit.Picture($"alarms-bureau-{language}");
        await using var other = await estate.Visit(language, user: "xfj-op", domain: "市信访局");
        await other.Open("/alarms");
        Assert.Equal(0, await other.Page.Locator("tr:has-text('wjw-biz-imaging01')").CountAsync());
        visit.IsClean();
        other.IsClean();
    }

    [Theory]
    [InlineData("zh", "tasks-volume-zh")]
    [InlineData("en", "tasks-volume-en")]
    public async Task what_somebody_asks_for_is_followed_in_the_task_centre(string language, string name)
    {
        await using var visit = await estate.Visit(language, user: "dag-op", domain: "市档案馆");
        await visit.Open("/volumes");
        await visit.Page.ClickAsync("#create");
        await visit.Page.FillAsync("#form-name", name);
        await visit.Page.FillAsync("#form-size", "3");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync(".mud-dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await visit.Open("/tasks?f.kind=volume");
        await visit.Page.WaitForSelectorAsync($"tr:has-text('{name}') .xy-good");
        await visit.Picture($"tasks-{language}");
        await visit.Page.ClickAsync($"tr:has-text('{name}') .xy-name");
        await visit.Page.WaitForSelectorAsync(".xy-steps li.done");
        await visit.Picture($"task-{language}");
        await using var other = await estate.Visit(language, user: "xfj-op", domain: "市信访局");
        await other.Open("/tasks");
        Assert.Equal(0, await other.Page.Locator($"tr:has-text('{name}')").CountAsync());
        visit.IsClean();
        other.IsClean();
    }
}
