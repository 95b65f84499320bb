namespace Xiangyun.Console;

/// <summary>Where the console finds the APIs, and how long somebody may be away.</summary>
/// <param name="ApiUrl">The server's own address: the console asks it over HTTP like any other client.</param>
/// <param name="Authority">PEM file of the authority that signed the server's certificate; none for plain HTTP or a public certificate.</param>
public sealed record ConsoleOptions(string ApiUrl, string? Authority)
{
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Browsers come by HTTPS whatever this server hears itself: its public address says so, and a proxy in front of it ends their connections. Cookies are
    /// Secure then. No header is believed for it.
    /// </summary>
    public bool ByHttps { get; init; }

    /// <summary>Shown on every page when the estate is not real.</summary>
    public bool Simulated { get; init; }
}
