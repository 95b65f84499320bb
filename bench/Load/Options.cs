namespace Xiangyun.Load;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Usage = """
        Xiangyun.Load --auth-url URL/identity/v3 --user NAME [--project NAME] [--domain default] [--workers 16] [--seconds 10]
                      [--servers N --flavor ID --image ID --network ID|none] [--insecure yes]
        The password comes from OS_PASSWORD.
        """;

    public required string AuthUrl { get; init; }
    public required string User { get; init; }
    public required string Password { get; init; }
    public string Project { get; init; } = "admin";
    public string Domain { get; init; } = "default";
    public int Workers { get; init; } = 16;
    public int Seconds { get; init; } = 10;
    public int Servers { get; init; }
    public string Flavor { get; init; } = "";
    public string Image { get; init; } = "";
    public string Network { get; init; } = "none";
    /// <summary>Takes any certificate: for a local authority on the same machine.</summary>
    public bool Insecure { get; init; }

    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public static Options Parse(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length) throw new ArgumentException($"'{args[i]}' is not an option with a value.");
            given[args[i][2..]] = args[i + 1];
        }
        string Take(string name, string? otherwise = null) => given.Remove(name, out var value) ? value : otherwise ?? throw new ArgumentException($"--{name} is missing.");
        int Number(string name, int otherwise) => int.TryParse(Take(name, $"{otherwise}"), out var n) && n >= 0 ? n : throw new ArgumentException($"--{name} must be a whole number.");
        var options = new Options
        {
            AuthUrl = Take("auth-url").TrimEnd('/'), User = Take("user"), Password = Environment.GetEnvironmentVariable("OS_PASSWORD") ?? throw new ArgumentException("OS_PASSWORD is not set."),
            Project = Take("project", "admin"), Domain = Take("domain", "default"), Workers = Number("workers", 16), Seconds = Number("seconds", 10), Servers = Number("servers", 0),
            Flavor = Take("flavor", ""), Image = Take("image", ""), Network = Take("network", "none"), Insecure = Take("insecure", "no") == "yes",
        };
        if (given.Count > 0) throw new ArgumentException($"--{given.Keys.First()} is not an option.");
        if (options.Servers > 0 && (options.Flavor.Length == 0 || options.Image.Length == 0)) throw new ArgumentException("--servers wants --flavor and --image.");
        return options;
    }
}
