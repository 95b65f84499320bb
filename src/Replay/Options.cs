namespace Xiangyun.Replay;

/// <summary>What the caller asked a replay for.</summary>
internal sealed record Options
{
    public const string Usage = """
        ./xiangyun consolidate replay TRACE [TRACE...] --policy P[,P...] [--hosts g4g5|64core] [--vms keep|cloudsim]
                      [--ram keep|free] [--working-set PERCENT] [--merge] [--json] [--csv FILE] [--html FILE]
                      replays recorded days; P: consolidate, dense, energy, thr-mmt, iqr-mmt, mad-mmt, lr-mmt, lrr-mmt
        ./xiangyun consolidate bound TRACE [TRACE...] [--hosts ..] [--ram ..] [--working-set PERCENT] [--merge]
                      the use that no policy can pass without overload
        ./xiangyun consolidate islands TRACE [TRACE...] [--bureaus 30] [--waves 1,2,4,8,15] [--wave-days 7] [--sizing peak|flavour|server]
                      [--cloud CORESxGB] [--spare 1] [--policy dense] [--prices FILE] [--json] [--plan FILE] [--csv FILE] [--html FILE] [--ledger FILE]
                      thirty old data centres become one cloud, wave after wave; what it saves
        ./xiangyun consolidate ledger verify FILE [--traces DIR]
                      counts every number of a ledger again from the recorded samples
        ./xiangyun consolidate pack DIR [--starts N] [--json]
                      places recorded requests one after the other: ours, first fit and best fit
        ./xiangyun consolidate bench [--hosts N] [--vms N] [--policy P]
                      how long one plan takes on an estate of that size
        """;

    public List<string> Traces { get; } = [];
    public string[] Policies { get; private set; } = [];
    public string Hosts { get; private set; } = "g4g5";
    public bool CloudSim { get; private set; }
    public bool KeepRam { get; private set; }
    public double? WorkingSet { get; private set; }
    public bool Merge { get; private set; }
    public bool Json { get; private set; }
    public string? Csv { get; private set; }
    public string? Html { get; private set; }

    public static Options Of(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new WrongUse($"{args[i - 1]} needs a value");
            switch (args[i])
            {
                case "--policy": options.Policies = Value().Split(',', StringSplitOptions.RemoveEmptyEntries); break;
                case "--hosts": options.Hosts = OneOf("--hosts", Value(), "g4g5", "64core"); break;
                case "--vms": options.CloudSim = OneOf("--vms", Value(), "keep", "cloudsim") == "cloudsim"; break;
                case "--ram": options.KeepRam = OneOf("--ram", Value(), "keep", "free") == "keep"; break;
                case "--working-set": options.WorkingSet = Percent(Value()); break;
                case "--merge": options.Merge = true; break;
                case "--json": options.Json = true; break;
                case "--csv": options.Csv = Value(); break;
                case "--html": options.Html = Value(); break;
                case var word when word.StartsWith("--", StringComparison.Ordinal): throw new WrongUse($"replay knows no {word}");
                case var trace: options.Traces.Add(trace); break;
            }
        }
        if (options.Traces.Count == 0) throw new WrongUse("replay needs a directory with cpu.csv.gz");
        if (options.Policies.Length == 0) throw new WrongUse("replay needs --policy");
        if (options.WorkingSet is not null && !options.KeepRam) throw new WrongUse("--working-set says how much memory stays resident; it needs --ram keep");
        return options;
    }

    private static string OneOf(string option, string value, params string[] known) =>
        known.Contains(value) ? value : throw new WrongUse($"{option} {value}: known are {string.Join(" and ", known)}");

    private static double Percent(string value) =>
        double.TryParse(value, out var percent) && percent is > 0 and <= 100 ? percent / 100 : throw new WrongUse($"--working-set {value}: a per cent between 0 and 100");
}
