using Microsoft.Playwright;

namespace Xiangyun.Browser;

/// <summary>One person's window. It notes everything a page must not do: errors in the browser's console, and requests to anywhere else.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly List<string> _wrong = [];
    private readonly IBrowserContext _person;
    private readonly string _url;

    private Visit(IBrowserContext person, IPage page, string url)
    {
        (_person, Page, _url) = (person, page, url);
        page.Console += (_, m) => { if (m.Type is "error" or "warning" && !Expected(m.Text)) _wrong.Add($"{page.Url}: {m.Type}: {m.Text}"); };
        page.PageError += (_, e) => _wrong.Add($"{page.Url}: {e}");
        page.Request += (_, r) => { if (!r.Url.StartsWith(url, StringComparison.Ordinal) && !r.Url.StartsWith("data:", StringComparison.Ordinal) && !r.Url.StartsWith("blob:", StringComparison.Ordinal)) _wrong.Add($"{page.Url} asked for {r.Url}"); };
    }

    public IPage Page { get; }

    public static async Task<Visit> Begin(Chromium chromium, string url, string language = "zh", string theme = "light", int width = 1366, int height = 768)
    {
        var person = await chromium.Person(language, theme, url, width, height);
        return new Visit(person, await person.NewPageAsync(), url);
    }

    public async Task SignIn(string user, string password, string domain = "Default")
    {
        await Page.GotoAsync("/console/sign-in");
        await Page.FillAsync("[name=domain]", domain);
        await Page.FillAsync("[name=user]", user);
        await Page.FillAsync("[name=password]", password);
        await Page.ClickAsync("#sign-in");
        await Page.WaitForURLAsync(u => !u.Contains("sign-in"));
        await Page.WaitForSelectorAsync(".xy-side");
        await Settle();
    }

    /// <summary>Where the side menu leads, for this person.</summary>
    public async Task<string[]> Menu()
    {
        await Page.WaitForFunctionAsync("() => document.querySelectorAll('.xy-entry').length > 0"); // the circuit draws it anew
        return await Page.EvalOnSelectorAllAsync<string[]>(".xy-entry", "all => all.map(a => a.getAttribute('href'))");
    }

    /// <summary>Opens a page of the console and waits until it has its data and charts.</summary>
    public async Task Open(string path)
    {
        await Page.GotoAsync("/console" + path);
        await Settle();
    }

    public async Task Settle()
    {
        await Page.WaitForSelectorAsync(".xy-main[data-live] h1"); // the circuit is there: what is pressed before does nothing
        await Page.WaitForFunctionAsync("() => !document.querySelector('.xy-ghost, [aria-busy=true]')");
        await Page.WaitForTimeoutAsync(450); // charts draw in 300 ms
    }

    public async Task Picture(string name)
    {
        var directory = Path.Combine(Estate.Top, "artifacts", "browser");
        Directory.CreateDirectory(directory);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, name + ".png") });
    }

    /// <summary>Nothing went wrong in this window so far.</summary>
    public void IsClean() => Assert.True(_wrong.Count == 0, string.Join('\n', _wrong.Distinct()));

    public void Forget() => _wrong.Clear();

    /// <summary>A circuit that ends because the page is left is not an error.</summary>
    private static bool Expected(string text) => text.Contains("WebSocket closed with status code: 1006", StringComparison.Ordinal);

    public async ValueTask DisposeAsync() => await _person.DisposeAsync();
}
