namespace Xiangyun.Optimizer.Public;

/// <summary>The planner's settings: one set for each aim, the same for all estates and days.</summary>
public sealed record Tuning
{
    public static readonly string[] Names = ["consolidate", "dense", "energy", "balance", "relieve"];

    /// <summary>
    /// `consolidate`: few hosts that are hardly ever short. `dense`: the same for large hosts, whose load is smooth enough to be run closer to the
    /// edge. `energy`: fewer hosts, and shortage now and then. `balance`: hosts equally busy, none emptied. `relieve`: nothing but help for hosts that are short.
    /// </summary>
    public static Tuning? Named(string name) => name switch
    {
        "consolidate" => new Tuning(),
        "dense" => new Tuning { HalfLife = 36, LongHalfLife = 72, LaterWeight = 0.1, FleetWeight = 1, FleetWeightLater = 1, ShortTime = 0.0003, MeanSoon = 0.02, Repair = 0.08, WakeAt = 4, LeastGain = 0.01, Spend = 0.02 },
        "energy" => new Tuning { HalfLife = 36, LongHalfLife = 72, LaterWeight = 0.1, FleetWeight = 1, FleetWeightLater = 1, ShortTime = null, MeanSoon = 0.0046, Repair = 0.3, WakeAt = 6, LeastGain = 0.05, Spend = 0, Waits = 0.03, Disturbs = 0.03, Settles = true },
        "balance" => new Tuning { Empties = false, Balances = true },
        "relieve" => new Tuning { Empties = false },
        _ => null,
    };

    /// <summary>How many per cent apart two samples may be and still count as alike.</summary>
    public float Likeness { get; init; } = 25;

    /// <summary>Samples after which a VM's past counts half: for the next interval, and for the hours ahead.</summary>
    public float HalfLife { get; init; } = 72;
    public float LongHalfLife { get; init; } = 144;

    /// <summary>How much more the same minute of an earlier hour counts.</summary>
    public float Hourly { get; init; } = 2;

    /// <summary>How many of its own samples the fleet's experience is worth to a VM.</summary>
    public float FleetWeight { get; init; } = 2;
    public float FleetWeightLater { get; init; } = 2;

    /// <summary>How many times more than the fleet's the experience of a VM's own group counts, where the group has much of it.</summary>
    public float GroupWeight { get; init; } = 3;

    /// <summary>The part of hosts' time for which they may be short. Null: the risk that is allowed does not follow what came of it.</summary>
    public double? ShortTime { get; init; } = 0.00085;

    /// <summary>
    /// A host whose risk is higher gives VMs away. The risk of a host of few cores is the part of the next interval for which it is expected
    /// to be short; of a larger one, the chance that it will be.
    /// </summary>
    public double Repair { get; init; } = 0.012;

    /// <summary>A host is emptied only if the mean risk of those that remain stays below this.</summary>
    public double MeanSoon { get; init; } = 0.00065;

    /// <summary>How much the hours ahead count against the next interval.</summary>
    public double LaterWeight { get; init; } = 0.2;

    /// <summary>A move of a VM of mean cost (memory times demand) that lowers the sum of risks by less is not worth it.</summary>
    public double LeastGain { get; init; } = 0.001;

    /// <summary>The price of the time for which a host that is short waits until the largest VM of those that leave it has left, if that has the mean memory. Zero: not asked.</summary>
    public double Waits { get; init; }

    /// <summary>The price of the time for which a host takes VMs in, as long as the largest of them takes. So a plan troubles few hosts, and empties those that are cheap to empty.</summary>
    public double Disturbs { get; init; }

    /// <summary>VMs that move anyway are placed once more when all targets are known.</summary>
    public bool Settles { get; init; }

    /// <summary>A host is woken when the mean risk is that many times what is allowed.</summary>
    public double WakeAt { get; init; } = 1.5;

    /// <summary>The part of the moves at hand that smoothing may spend at a time; the rest is saved for draining.</summary>
    public double Spend { get; init; } = 0.1;

    /// <summary>What the budget grows by. It begins with one move for each VM, and holds no more.</summary>
    public double MovesPerVmDay { get; init; } = 1;

    /// <summary>Hosts are emptied, and what remains is smoothed.</summary>
    public bool Empties { get; init; } = true;

    /// <summary>Hosts are made equally busy, until they are within this share of each other.</summary>
    public bool Balances { get; init; }
    public double BalancedWithin { get; init; } = 0.05;
}
