using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay;

/// <summary>The hosts that a replay may switch on: the benchmark's 800 small servers, or 64-core machines of the same cores.</summary>
internal static class Estates
{
    private static readonly double[] G4 = [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117];
    private static readonly double[] G5 = [93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135];

    public static readonly HostShape SmallG4 = new("HP ProLiant ML110 G4", 2, 1860, 4096, 1, G4);
    public static readonly HostShape SmallG5 = new("HP ProLiant ML110 G5", 2, 2660, 4096, 1, G5);

    /// <summary>32 times the G5: its cores, network and power; 8 GB for each core.</summary>
    public static readonly HostShape Large = new("64 cores", 64, 2660, 64 * 8 * 1024, 32, [.. G5.Select(w => w * 32)]);

    /// <summary>The G5 many times over: its cores, and its network and power by the core. A host of today needs less for the same.</summary>
    public static HostShape Cloud(int cores, int gb) => new($"{cores} cores, {gb} GB", cores, SmallG5.CoreMips, gb * 1024.0, cores / 2.0, [.. SmallG5.Watts.Select(w => w * cores / 2)]);

    /// <summary>The shape that a ledger names.</summary>
    public static HostShape Named(string name) => name == SmallG4.Name ? SmallG4 : name == SmallG5.Name ? SmallG5
        : name.Split(' ') is [var cores, "cores,", var gb, "GB"] && int.TryParse(cores, out var c) && int.TryParse(gb, out var g) && c > 0 && g > 0 ? Cloud(c, g) : throw new WrongUse($"there is no host '{name}'");

    public static HostShape[] Of(string name) => name switch
    {
        "g4g5" => [.. Enumerable.Range(0, 800).Select(i => i % 2 == 0 ? SmallG4 : SmallG5)],
        "64core" => [.. Enumerable.Repeat(Large, 800)],
        _ => throw new WrongUse($"--hosts {name}: known are g4g5 and 64core"),
    };
}
