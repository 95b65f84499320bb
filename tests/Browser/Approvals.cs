namespace Xiangyun.Browser;

/// <summary>Who asks, and who decides: in the console, from the form to what was made.</summary>
public sealed class Approvals(Estate estate)
{
    [Theory]
    [InlineData("zh", "volume-by-form-zh")]
    [InlineData("en", "volume-by-form-en")]
    public async Task what_an_organisation_wants_approved_is_asked_for_in_the_form_and_made_when_its_manager_agrees(string language, string name)
    {
        await using var asker = await estate.Visit(language, user: "hbj-op", domain: "市生态环境局");
        await asker.Open("/volumes");
        await asker.Page.ClickAsync("#create");
        await asker.Page.FillAsync("#form-name", name);
        await asker.Page.FillAsync("#form-size", "501");
        await asker.Page.ClickAsync("#submit");
        await asker.Page.WaitForSelectorAsync("#needs-approval");
        await asker.Page.FillAsync("#form-why", "空气质量归档");
        await asker.Picture($"form-approval-{language}");
        await asker.Page.ClickAsync("#submit");
        await asker.Page.WaitForSelectorAsync(".mud-dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await asker.Open("/approvals?show=mine");
        await asker.Page.ClickAsync("tbody .xy-name >> nth=0");
        await asker.Page.WaitForSelectorAsync(".xy-steps li.now");
        Assert.Equal(0, await asker.Page.Locator("#approve").CountAsync());

        await using var manager = await estate.Visit(language, user: "hbj-admin", domain: "市生态环境局");
        await manager.Open("/approvals");
        await manager.Picture($"approvals-{language}");
        await manager.Page.ClickAsync("tbody .xy-name >> nth=0");
        await manager.Page.WaitForSelectorAsync("#approve");
        await manager.Settle();
        await manager.Picture($"approval-{language}");
        await manager.Page.ClickAsync("#approve");
        await manager.Page.ClickAsync("#submit");
        await manager.Page.WaitForSelectorAsync(".xy-head .xy-good");
        await manager.Picture($"approval-done-{language}");

        await asker.Open("/volumes?f.name=" + name);
        await asker.Page.WaitForSelectorAsync($"tr:has-text('{name}')");
        asker.IsClean();
        manager.IsClean();
    }

    [Fact]
    public async Task every_kind_of_request_has_a_form_and_one_is_refused_with_words()
    {
        await using var asker = await estate.Visit("zh", user: "ybj-op", domain: "市医疗保障局");
        await asker.Open("/approvals?show=mine");
        foreach (var kind in new[] { "floating_ip", "resize", "extension", "quota", "right", "deletion" })
        {
            await asker.Page.ClickAsync("#create");
            await asker.Page.ClickAsync($"#ask-{kind}");
            await asker.Page.WaitForSelectorAsync("#form-reason");
            await asker.Picture($"ask-{kind}-zh");
            await asker.Page.Keyboard.PressAsync("Escape");
            await asker.Page.WaitForSelectorAsync(".mud-dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        }
        await using var manager = await estate.Visit("zh", user: "ybj-admin", domain: "市医疗保障局");
        await manager.Open("/approvals");
        await manager.Page.ClickAsync("tbody .xy-name >> nth=0");
        await manager.Page.ClickAsync("#refuse");
        await manager.Page.FillAsync("#form-comment", "先完成安全检测");
        await manager.Page.ClickAsync("#submit");
        await manager.Page.WaitForSelectorAsync(".xy-steps li.bad");
        await asker.Open("/approvals?show=mine");
        await asker.Page.ClickAsync("tbody .xy-name >> nth=0");
        await asker.Page.WaitForSelectorAsync("q:has-text('先完成安全检测')");
        asker.IsClean();
        manager.IsClean();
    }
}
