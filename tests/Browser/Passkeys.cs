using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>Passkeys with Chromium's own authenticator, which a browser uses only under a name: here localhost.</summary>
public sealed class Passkeys(Estate estate)
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task a_passkey_made_on_the_account_page_opens_the_console_without_a_password(string language)
    {
        await using var visit = await Visit.Begin(estate.Chromium, estate.Url.Replace("127.0.0.1", "localhost"), language);
        var page = visit.Page;
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true },
        });
        await visit.SignIn($"{(language == "zh" ? "zjj" : "swj")}-op", estate.Password, language == "zh" ? "市住房和城乡建设局" : "市商务局");
        await visit.Open("/account");
        await page.ClickAsync("#add-passkey");
        await page.FillAsync("#form-name", "laptop");
        await page.ClickAsync("#submit");
        await page.WaitForSelectorAsync("#passkeys li:has-text('laptop')");
        await visit.Picture($"passkeys-{language}");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/console/sign-in");
        await visit.Picture($"sign-in-passkey-{language}");
        await page.ClickAsync("#passkey");
        await page.WaitForSelectorAsync(".xy-side");
        await visit.Open("/account");
        await page.ClickAsync("#passkeys .xy-icon");
        await page.ClickAsync("#confirm");
        await page.WaitForFunctionAsync("() => !document.querySelector('#passkeys li')");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/console/sign-in");
        await page.ClickAsync("#passkey");
        await page.WaitForSelectorAsync("[role=alert]");
        visit.IsClean();
    }

    [Fact]
    public async Task who_names_no_organisation_with_a_provider_is_told_so()
    {
        await using var visit = await Visit.Begin(estate.Chromium, estate.Url, "en");
        await visit.Page.GotoAsync("/console/sign-in");
        await visit.Page.FillAsync("[name=domain]", "nowhere");
        await visit.Page.ClickAsync("#provider");
        Assert.Contains("sign-in of its own", await visit.Page.InnerTextAsync("[role=alert]"));
        Assert.Equal("nowhere", await visit.Page.InputValueAsync("[name=domain]"));
        visit.IsClean();
    }
}
