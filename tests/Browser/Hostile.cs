namespace Xiangyun.Browser;

/// <summary>Markup in every field that takes a text, of every form that a member and a manager reach: whatever page shows it later, it is text.</summary>
public sealed class Hostile(Estate estate)
{
    private const string Markup = "<img src=x onerror=window.hit=1>\"'{{7*7}}";

    private static async Task Fill(Visit visit, string path, string press)
    {
        await visit.Open(path);
        await visit.Page.EvaluateAsync("press => { const one = document.querySelector(press); for (let d = one.closest('details'); d; d = d.parentElement.closest('details')) d.open = true; one.click(); }", press);
        await visit.Page.WaitForSelectorAsync(".mud-dialog #form");
        foreach (var field in await visit.Page.Locator(".mud-dialog .xy-field > input:is([type=text], [type=email]), .mud-dialog .xy-field > textarea").AllAsync())
        {
            var id = await field.GetAttributeAsync("id");
            if (id is "form-cidr" or "form-user" or "form-other") continue;
            await field.FillAsync(id == "form-email" ? "" : Markup);
        }
        foreach (var secret in await visit.Page.Locator(".mud-dialog input[type=password]").AllAsync()) await secret.FillAsync("Correct-Horse-9-Battery");
        foreach (var number in await visit.Page.Locator(".mud-dialog input[type=number]").AllAsync())
            if ((await number.InputValueAsync()).Length == 0) await number.FillAsync("1");
        await visit.Page.ClickAsync("#submit");
        await visit.Page.WaitForFunctionAsync("() => !document.querySelector('.mud-dialog #form') || document.querySelector('.mud-dialog .xy-note.bad')");
        await Unharmed(visit, path);
    }

    private static async Task Unharmed(Visit visit, string where) =>
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('img[src=x]')"), where);

    [Fact]
    public async Task what_a_member_and_a_manager_write_is_shown_as_text_on_every_page()
    {
        await using var member = await estate.Visit("zh", user: "dag-op", domain: "市档案馆");
        foreach (var (path, press) in new[] { ("/volumes", "#create"), ("/networks", "#create"), ("/security-groups", "#create"), ("/account", "#create"), ("/approvals?show=mine", "#ask-floating_ip") }) await Fill(member, path, press);
        await using (var asking = await estate.Visit("zh", user: "czj-op", domain: "市财政局")) // where somebody decides about quotas
        {
            await Fill(asking, "/approvals?show=mine", "#ask-quota");
            asking.IsClean();
        }
        await member.Open("/servers/create");
        await member.Page.WaitForSelectorAsync("#placement");
        await member.Page.FillAsync("#name", Markup);
        await member.Page.ClickAsync("#submit");
        await member.Page.WaitForSelectorAsync("#create, .xy-note.bad");
        await member.Open("/servers");
        await member.Page.ClickAsync("#views-servers > summary");
        await member.Page.FillAsync("#view-name", Markup);
        await member.Page.ClickAsync("#view-save");
        await member.Page.WaitForSelectorAsync(".xy-view a");
        await Unharmed(member, "saved views");

        await using var manager = await estate.Visit("zh", user: "dag-admin", domain: "市档案馆");
        foreach (var visit in new[] { member, manager })
        {
            foreach (var link in await visit.Menu())
            {
                await visit.Page.GotoAsync(link);
                await visit.Settle();
                await Unharmed(visit, link);
            }
            await visit.Open("/search?q=onerror");
            await Unharmed(visit, "search");
        }
        await member.Page.Keyboard.PressAsync("Control+k");
        await member.Page.Keyboard.TypeAsync("onerror");
        await member.Page.WaitForSelectorAsync("#palette-list .xy-option:has-text('onerror')");
        await Unharmed(member, "palette");
        await member.Picture("hostile-palette-zh");
        await member.Page.Keyboard.PressAsync("Escape");
        await member.Open("/topology");
        await member.Page.WaitForTimeoutAsync(800);
        await Unharmed(member, "topology");
        member.IsClean();
        manager.IsClean();
    }
}
