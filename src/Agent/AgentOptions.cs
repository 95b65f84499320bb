using Xiangyun.Agent.Hosts;

namespace Xiangyun.Agent;

/// <summary>What the command line says. One class so that `--help`, the checks and the defaults stay in one place.</summary>
internal sealed record AgentOptions
{
    public const string Usage = """
        Xiangyun.Agent run --state DIR --listen unix:/PATH|https://IP:PORT --tls DIR [--name NAME]
            real host:      --libvirt URI --ovs unix:/PATH --accelerator kvm|tcg [--offload on|off] [--shutdown COMMAND] [--address IP]
            simulated host: --simulate COUNT [--images have|ask] [--disks simulated|files] [--boot SECONDS]
                            [--sizes COUNT:VCPUSxGIB,...] [--load DIR with recorded days] [--address any]
            either:         [--grace SECONDS] [--sample SECONDS] [--chaos throw|kill-before|after:CALL]
        The TLS directory holds ca.crt, agent.crt and agent.key; callers must present a certificate of that CA.
        """;

    public required string State { get; init; }
    public required string Listen { get; init; }
    public required string Tls { get; init; }
    public string Name { get; init; } = Environment.MachineName;
    /// <summary>0 = a real host.</summary>
    public int Simulate { get; init; }
    /// <summary>What each simulated host is, in the order of their numbers; the last size goes on.</summary>
    public IReadOnlyList<HostSize> Hosts { get; init; } = [];
    /// <summary>Recorded days that simulated guests follow; empty = the made-up one.</summary>
    public string Load { get; init; } = "";
    /// <summary>Simulated hosts behave as if they had every image.</summary>
    public bool EveryImage { get; init; } = true;
    /// <summary>Simulated hosts keep real disk files (tests of what a killed agent leaves behind).</summary>
    public bool RealDisks { get; init; }
    /// <summary>How long simulated hosts take from power on until their agent answers.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(120);
    public string Libvirt { get; init; } = "qemu:///system";
    public string Ovs { get; init; } = "unix:/run/openvswitch/db.sock";
    public string Accelerator { get; init; } = "tcg";
    public bool Offload { get; init; }
    /// <summary>Where the other hosts reach this one when a guest moves while it runs; empty = guests do not move so. Simulated hosts take their names, whatever is given.</summary>
    public string Address { get; init; } = "";
    /// <summary>What shuts this machine down when the cloud wants it off and it has no controller of its own; empty = nothing may.</summary>
    public string Shutdown { get; init; } = "";
    /// <summary>How long something that no plan names is left alone before it is removed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>How often the guests' use is looked at.</summary>
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>For tests, see <see cref="Engines.Chaos.Strike"/>; empty = none.</summary>
    public string Chaos { get; init; } = "";

    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public static AgentOptions Parse(string[] args)
    {
        if (args.Length == 0 || args[0] != "run") throw new ArgumentException("The first word must be 'run'.");
        var given = new Dictionary<string, string>();
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length) throw new ArgumentException($"'{args[i]}' is not an option with a value.");
            given[args[i][2..]] = args[i + 1];
        }
        string Take(string name, string? otherwise = null)
        {
            if (given.Remove(name, out var value)) return value;
            return otherwise ?? throw new ArgumentException($"--{name} is missing.");
        }
        var simulate = Number(Take("simulate", "0"), "simulate");
        var options = new AgentOptions
        {
            State = Path.GetFullPath(Take("state")),
            Listen = Take("listen"),
            Tls = Take("tls"),
            Name = Take("name", Environment.MachineName),
            Simulate = simulate,
            Hosts = HostSize.List(Take("sizes", ""), simulate),
            Load = Take("load", ""),
            EveryImage = Choice(Take("images", "have"), "images", "have", "ask") == "have",
            RealDisks = Choice(Take("disks", "simulated"), "disks", "simulated", "files") == "files",
            Boot = TimeSpan.FromSeconds(Number(Take("boot", "120"), "boot")),
            Libvirt = Take("libvirt", "qemu:///system"),
            Ovs = Take("ovs", "unix:/run/openvswitch/db.sock"),
            Accelerator = Choice(Take("accelerator", "tcg"), "accelerator", "kvm", "tcg"),
            Address = Take("address", ""),
            Offload = Choice(Take("offload", "off"), "offload", "on", "off") == "on",
            Grace = TimeSpan.FromSeconds(Number(Take("grace", "600"), "grace")),
            Sample = TimeSpan.FromSeconds(Number(Take("sample", "30"), "sample")),
            Shutdown = Take("shutdown", ""),
            Chaos = Take("chaos", ""),
        };
        if (given.Count > 0) throw new ArgumentException($"--{given.Keys.First()} is not an option.");
        return options;
    }

    private static int Number(string text, string name) => int.TryParse(text, out var n) && n >= 0 ? n : throw new ArgumentException($"--{name} must be a whole number, not '{text}'.");

    private static string Choice(string text, string name, params string[] of) => of.Contains(text) ? text : throw new ArgumentException($"--{name} must be one of {string.Join(", ", of)}, not '{text}'.");
}
