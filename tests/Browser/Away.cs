using System.Diagnostics;
using System.Text.Json;

namespace Xiangyun.Browser;

/// <summary>Somebody who goes away is signed out; a server that goes away and comes back finds the page where it was.</summary>
public sealed class Away(Estate estate)
{
    [Fact]
    public async Task nobody_there_for_half_an_hour_ends_the_session()
    {
        await using var visit = await estate.Visit("zh", user: "swj-op", domain: "市商务局");
        await visit.Page.Clock.InstallAsync();
        await visit.Open("/volumes");
        await visit.Page.Clock.FastForwardAsync("31:00");
        await visit.Page.WaitForURLAsync("**/sign-in?problem=idle");
        Assert.Contains("自动退出", await visit.Page.InnerTextAsync("[role=alert]"));
        await visit.Page.GotoAsync("/console/volumes");
        await visit.Page.WaitForURLAsync("**/sign-in**");
    }

    [Fact]
    public async Task no_other_site_shows_the_console_in_a_frame_of_its_own()
    {
        await using var visit = await estate.Visit();
        await visit.Page.GotoAsync("about:blank");
        await visit.Page.SetContentAsync($"<iframe src='{estate.Url}/console/servers' width=800 height=600></iframe>");
        await visit.Page.WaitForTimeoutAsync(1500);
        Assert.DoesNotContain(visit.Page.Frames, f => f.Url.Contains("/console", StringComparison.Ordinal));
    }

    [Fact]
    public async Task after_a_restart_of_the_server_the_page_is_back_by_itself_with_its_filters_and_its_session()
    {
        var kept = Directory.CreateTempSubdirectory("xy-away-").FullName;
        try
        {
            var (first, told) = await Try(kept, "127.0.0.1:0");
            var url = new Uri(told.GetProperty("url").GetString()!).GetLeftPart(UriPartial.Authority);
            await using var visit = await Visit.Begin(estate.Chromium, url, "en");
            await visit.SignIn("jyj-op", told.GetProperty("password").GetString()!, "市教育局");
            await visit.Open("/servers?f.status=ACTIVE&sort=-display_name&columns=zone");
            var (rows, address) = (await visit.Page.InnerTextAsync("tbody .xy-name >> nth=0"), visit.Page.Url);
            await End(first);
            await visit.Page.WaitForSelectorAsync("#components-reconnect-modal", new() { State = Microsoft.Playwright.WaitForSelectorState.Attached, Timeout = 60_000 }); // what it shows lies in its shadow
            var (second, _) = await Try(kept, url["http://".Length..]);
            var began = Stopwatch.GetTimestamp();
            await visit.Page.WaitForFunctionAsync("rows => { const modal = document.querySelector('#components-reconnect-modal'); return (!modal || modal.style.display === 'none') && document.querySelector('tbody .xy-name')?.textContent === rows; }", rows, new() { Timeout = 60_000 });
            TestContext.Current.SendDiagnosticMessage($"the page was back {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s after the server was");
            Assert.Equal(address, visit.Page.Url);
            Assert.Equal("ACTIVE", await visit.Page.InputValueAsync("#filter-status"));
            await visit.Page.ClickAsync("tbody .xy-name >> nth=0"); // and it lives
            await visit.Page.WaitForSelectorAsync(".xy-facts");
            await End(second);
        }
        finally
        {
            Directory.Delete(kept, recursive: true);
        }
    }

    private static async Task<(Process Process, JsonElement Told)> Try(string kept, string listen)
    {
        string[] where = listen.EndsWith(":0", StringComparison.Ordinal) ? [] : ["--listen", listen];
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(Estate.Top, "xiangyun"), "try", "--json", "--keep", kept, .. where]) { RedirectStandardOutput = true, RedirectStandardInput = true };
#pragma warning disable RS0030 // the one process runner is the product's; a test of the product starts its own
        var process = Process.Start(start) ?? throw new InvalidOperationException("./xiangyun try did not start");
#pragma warning restore RS0030
        var line = await process.StandardOutput.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token) ?? throw new InvalidOperationException("./xiangyun try ended without a word; see above");
        return (process, JsonDocument.Parse(line).RootElement);
    }

    private static async Task End(Process process)
    {
        await Shell.End(process.Id);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
