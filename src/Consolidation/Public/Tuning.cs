namespace Xiangyun.Consolidation.Public;

/// <summary>The planner's settings. One set for all estates; none depends on a day.</summary>
public sealed record Tuning
{
    public static readonly string[] Names = ["consolidate", "energy"];

    /// <summary>`consolidate`: few hosts that are hardly ever short. `energy`: fewer hosts and moves still, and shortage now and then.</summary>
    public static Tuning? Named(string name) => name switch
    {
        "consolidate" => Explored(new Tuning()),
        "energy" => new Tuning { MeanSoon = 0.03, MeanLater = 1, Repair = 0.5, WakeAt = 3, MovesPerVmDay = 0.15 },
        "energy0" => Explored(new Tuning { MeanSoon = 0.03, MeanLater = 1, Repair = 0.5, WakeAt = 3, MovesPerVmDay = 0.15 }),
        _ => null,
    };
    static double E(string n, double d) => double.TryParse(Environment.GetEnvironmentVariable("T_" + n), out var v) ? v : d;
    static Tuning Explored(Tuning b) => b with { Likeness = (float)E("LIKE", b.Likeness), HalfLife = (float)E("HL", b.HalfLife), LongHalfLife = (float)E("LHL", b.LongHalfLife), Hourly = (float)E("HOUR", b.Hourly), FleetWeight = (float)E("FW", b.FleetWeight), FleetWeightLater = (float)E("FWL", b.FleetWeightLater), Repair = E("REP", b.Repair), MeanSoon = E("MS", b.MeanSoon), MeanLater = E("ML", b.MeanLater), LaterWeight = E("LW", b.LaterWeight), MovesPerVmDay = E("MV", b.MovesPerVmDay), DrainEvery = (int)E("DE", b.DrainEvery), Spend = E("SP", b.Spend), LeastGain = E("LG", b.LeastGain), WakeAt = E("WA", b.WakeAt) };

    public float Likeness { get; init; } = 25;
    public float HalfLife { get; init; } = 72;
    public float LongHalfLife { get; init; } = 72;
    public float Hourly { get; init; } = 2;
    public float FleetWeight { get; init; } = 3;
    public float FleetWeightLater { get; init; } = 3;

    /// <summary>A host whose chance to be overloaded in the next interval is higher gives VMs away.</summary>
    public double Repair { get; init; } = 0.04;

    /// <summary>A host is emptied only if the mean chance stays below these.</summary>
    public double MeanSoon { get; init; } = 0.006;
    public double MeanLater { get; init; } = 0.1;

    /// <summary>How much the hours ahead count against the next interval.</summary>
    public double LaterWeight { get; init; } = 0.1;

    /// <summary>A move that lowers the sum of risks by less is not worth it.</summary>
    public double LeastGain { get; init; } = 0.003;

    /// <summary>A host is woken when the mean chance is that many times what is allowed.</summary>
    public double WakeAt { get; init; } = 1.5;

    /// <summary>The part of the moves at hand that smoothing may spend at a time; the rest is saved for draining.</summary>
    public double Spend { get; init; } = 0.1;

    public double MovesPerVmDay { get; init; } = 1;
    public int DrainEvery { get; init; } = 3;
}
