namespace Xiangyun.Replay.Islands;

/// <summary>What the caller asked of the story of the islands.</summary>
internal sealed record IslandsOptions
{
    public List<string> Traces { get; } = [];
    public int Bureaus { get; private set; } = 30;
    /// <summary>How many old data centres each wave closes: twice as many as the one before, as trust grows.</summary>
    public int[] Waves { get; private set; } = [1, 2, 4, 8, 15];
    /// <summary>Days from the beginning of a wave to the next.</summary>
    public int WaveDays { get; private set; } = 7;
    public Rule Sizing { get; private set; } = Rule.Peak;
    public (int Cores, int Gb) Cloud { get; private set; } = (32, 512);
    /// <summary>Empty hosts that the cloud keeps on: one may fail.</summary>
    public int Spare { get; private set; } = 1;
    public string Policy { get; private set; } = "dense";
    public string? Prices { get; private set; }
    public bool Json { get; private set; }
    public string? Plan { get; private set; }
    public string? Csv { get; private set; }
    public string? Html { get; private set; }
    public string? Ledger { get; private set; }

    public static IslandsOptions Of(string[] args)
    {
        var options = new IslandsOptions();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new WrongUse($"{args[i - 1]} needs a value");
            switch (args[i])
            {
                case "--bureaus": options.Bureaus = Number("--bureaus", Value(), 1); break;
                case "--waves": options.Waves = [.. Value().Split(',').Select(w => Number("--waves", w, 1))]; break;
                case "--wave-days": options.WaveDays = Number("--wave-days", Value(), 1); break;
                case "--sizing": options.Sizing = Enum.TryParse<Rule>(Value(), ignoreCase: true, out var rule) && Enum.IsDefined(rule) ? rule : throw new WrongUse($"--sizing {args[i]}: known are peak, flavour and server"); break;
                case "--cloud": options.Cloud = Value().Split('x') is [var cores, var gb] ? (Number("--cloud", cores, 1), Number("--cloud", gb, 1)) : throw new WrongUse($"--cloud {args[i]}: such as 32x512"); break;
                case "--spare": options.Spare = Number("--spare", Value(), 0); break;
                case "--policy": options.Policy = Value(); break;
                case "--prices": options.Prices = Value(); break;
                case "--json": options.Json = true; break;
                case "--plan": options.Plan = Value(); break;
                case "--csv": options.Csv = Value(); break;
                case "--html": options.Html = Value(); break;
                case "--ledger": options.Ledger = Value(); break;
                case var word when word.StartsWith("--", StringComparison.Ordinal): throw new WrongUse($"islands knows no {word}");
                case var trace: options.Traces.Add(trace); break;
            }
        }
        if (options.Traces.Count == 0) throw new WrongUse("islands needs a directory with cpu.csv.gz");
        return options.Waves.Sum() == options.Bureaus ? options
            : throw new WrongUse($"--waves {string.Join(',', options.Waves)} closes {options.Waves.Sum()} old data centres; there are {options.Bureaus}");
    }

    private static int Number(string option, string value, int least) =>
        int.TryParse(value, out var n) && n >= least ? n : throw new WrongUse($"{option} {value}: a whole number from {least}");
}
