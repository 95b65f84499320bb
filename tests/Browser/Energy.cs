namespace Xiangyun.Browser;

/// <summary>What the estate draws, and a host that is switched off and woken by hand, with the reason where it must not.</summary>
public sealed class Energy(Estate estate)
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task an_operator_sees_what_hosts_draw_and_reads_why_one_that_holds_servers_stays_on(string language)
    {
        await using var admin = await estate.Visit(language, height: 1400);
        await admin.Open("/energy");
        await admin.Page.WaitForSelectorAsync("#watts");
        Assert.Matches("[1-9]", await admin.Page.InnerTextAsync("#watts"));
        await admin.Page.WaitForTimeoutAsync(600);
        await admin.Picture($"energy-{language}");
        var host = await admin.Page.InnerTextAsync("#hosts tbody tr:has(td:nth-child(4):not(:text-is('0'))) a.xy-name >> nth=0"); // the hosts of the cloud draw most, and hold nothing at first
        await admin.Page.FillAsync("#hosts input", host);
        await admin.Page.ClickAsync($"[data-host='{host}']");
        await admin.Page.WaitForSelectorAsync("#hosts tr.refused");
        Assert.Contains("still holds", await admin.Page.InnerTextAsync("#hosts tr.refused"));
        await admin.Picture($"energy-refused-{language}");
        await admin.Page.ClickAsync("#set-terms");
        await admin.Page.FillAsync("#form-pue", "1.3");
        await admin.Picture($"energy-terms-{language}");
        await admin.Page.ClickAsync("#submit");
        await admin.Page.WaitForSelectorAsync(".mud-dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await admin.Page.ClickAsync($"#hosts a.xy-name:has-text('{host}')");
        await admin.Page.WaitForSelectorAsync("#power");
        await admin.Settle();
        await admin.Picture($"host-power-{language}");
        admin.IsClean();
    }
}
