namespace Xiangyun.Browser;

/// <summary>Who may do what: shown, tried out without doing it, and taken back.</summary>
public sealed class Rights(Estate estate)
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_manager_sees_what_a_person_may_do_and_what_a_change_would_make_of_it(string language)
    {
        await using var visit = await estate.Visit(language, user: "gaj-admin", domain: "市公安局");
        var page = visit.Page;
        await visit.Open("/people");
        await page.ClickAsync("a.xy-name:has-text('gaj-op')");
        await page.WaitForSelectorAsync("#rights summary");
        await page.WaitForSelectorAsync("#leaving li");
        await page.ClickAsync("#simulate");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync("#simulation .xy-tag.good");
        await visit.Picture($"rights-{language}");
        await page.ClickAsync("#simulate");
        await page.SelectOptionAsync("#form-role", "admin");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync("#simulation .xy-over");
        visit.IsClean();
    }

    [Fact]
    public async Task two_of_the_three_administrators_open_a_break_glass_and_the_third_cannot_use_it()
    {
        await using var security = await estate.Visit("zh", user: "security");
        await security.Open("/administrators");
        await security.Page.WaitForSelectorAsync("#family-audit li");
        await security.Page.ClickAsync("#family-system li button >> nth=0");
        await security.Page.FillAsync("#form-reason", "管理员手机遗失，无法登录平台");
        await security.Page.ClickAsync("#submit");
        await security.Page.WaitForSelectorAsync("#break-glass li");
        Assert.Equal(1, await security.Page.Locator("#break-glass li button").CountAsync()); // only to close it: the second person is another one
        await security.Picture("administrators-zh");

        await using var auditor = await estate.Visit("en", user: "auditor");
        await auditor.Open("/administrators");
        await auditor.Page.ClickAsync("#break-glass li button >> nth=0");
        await auditor.Page.ClickAsync("#confirm");
        await auditor.Page.WaitForSelectorAsync("#break-glass .xy-tag.bad");
        await auditor.Picture("administrators-en");
        await security.Open("/administrators");
        await security.Page.ClickAsync("#break-glass li button >> nth=1");
        await security.Page.ClickAsync("#confirm");
        await security.Page.WaitForFunctionAsync("() => !document.querySelector('#break-glass li button')");
        security.IsClean();
        auditor.IsClean();
    }

    [Fact]
    public async Task an_organisation_shows_what_it_owns_and_its_end_is_only_asked_for()
    {
        await using var visit = await estate.Visit("zh", user: "tyj-admin", domain: "市退役军人事务局");
        await visit.Open("/organisations");
        await visit.Page.WaitForSelectorAsync("#life li");
        await visit.Picture("organisation-life-zh");
        await visit.Page.ClickAsync("#end");
        await visit.Page.FillAsync("#form-name", "别的名称");
        await visit.Page.FillAsync("#form-reason", "机构改革");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForSelectorAsync(".mud-dialog .xy-note.bad");
        await visit.Page.FillAsync("#form-name", "市退役军人事务局");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForURLAsync("**/approvals?show=mine");
        await visit.Page.WaitForSelectorAsync("tbody .xy-busy");
        visit.IsClean();
    }
}
