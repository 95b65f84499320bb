using System.Diagnostics;
using System.Text.Json;

namespace Xiangyun.Browser;

/// <summary>What the browser visits: the estate of `./xiangyun try`, or the running cloud that XY_BROWSER_URL, XY_BROWSER_USER and XY_BROWSER_PASSWORD name.</summary>
public sealed class Estate : IAsyncLifetime
{
    public static readonly string Top = FindTop();

    private Process? _try;

    public Chromium Chromium { get; } = new();
    public string Url { get; private set; } = "";
    public string User { get; private set; } = "";
    public string Password { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Chromium.InitializeAsync();
        if (Environment.GetEnvironmentVariable("XY_BROWSER_URL") is { } running) (Url, User, Password) = (running, Environment.GetEnvironmentVariable("XY_BROWSER_USER") ?? "admin", Environment.GetEnvironmentVariable("XY_BROWSER_PASSWORD") ?? "");
        else await Begin();
    }

    /// <summary>Milliseconds that `try` took until its console answered; none when another cloud is visited.</summary>
    public int? ReadyMs { get; private set; }

    private async Task Begin()
    {
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(Top, "xiangyun"), "try", "--json"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
#pragma warning disable RS0030 // the one process runner is the product's; a test of the product starts its own
        _try = Process.Start(start) ?? throw new InvalidOperationException("./xiangyun try did not start");
#pragma warning restore RS0030
        var line = await _try.StandardOutput.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromMinutes(10)).Token) ?? throw new InvalidOperationException("./xiangyun try ended without a word; see above");
        var told = JsonDocument.Parse(line).RootElement;
        Url = new Uri(told.GetProperty("url").GetString()!).GetLeftPart(UriPartial.Authority);
        (User, Password, ReadyMs) = (told.GetProperty("username").GetString()!, told.GetProperty("password").GetString()!, told.GetProperty("ready_ms").GetInt32());
    }

    public async Task<Visit> Visit(string language = "zh", string theme = "light", int width = 1366, int height = 768, string? user = null, string domain = "Default")
    {
        var visit = await Browser.Visit.Begin(Chromium, Url, language, theme, width, height);
        await visit.SignIn(user ?? User, Password, domain);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        if (_try is null) return;
        await Shell.End(_try.Id); // it removes its directory itself
        await _try.WaitForExitAsync();
        _try.Dispose();
    }

    private static string FindTop()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "xiangyun"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("./xiangyun was not found above the test");
        return at;
    }
}
