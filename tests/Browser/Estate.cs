using System.Text.Json;

namespace Xiangyun.Browser;

/// <summary>What the browser visits: the estate of `./xiangyun try`, or the running cloud that XY_BROWSER_URL, XY_BROWSER_USER and XY_BROWSER_PASSWORD name.</summary>
public sealed class Estate : IAsyncLifetime
{
    public static readonly string Top = FindTop();

    public Chromium Chromium { get; } = new();
    public string Url { get; private set; } = "";
    public string User { get; private set; } = "";
    public string Password { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Chromium.InitializeAsync();
        Url = Environment.GetEnvironmentVariable("XY_BROWSER_URL") ?? throw new InvalidOperationException("set XY_BROWSER_URL");
        User = Environment.GetEnvironmentVariable("XY_BROWSER_USER") ?? "admin";
        Password = Environment.GetEnvironmentVariable("XY_BROWSER_PASSWORD") ?? "";
    }

    public async Task<Visit> Visit(string language = "zh", string theme = "light", int width = 1366, int height = 768)
    {
        var visit = await Browser.Visit.Begin(Chromium, Url, language, theme, width, height);
        await visit.SignIn(User, Password);
        return visit;
    }

    public ValueTask DisposeAsync() => Chromium.DisposeAsync();

    private static string FindTop()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "xiangyun"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("./xiangyun was not found above the test");
        return at;
    }
}
