namespace Xiangyun.Consolidation.Public;

/// <summary>The planner's settings. One set for all estates; none depends on a day.</summary>
public sealed record Tuning
{
    public float Likeness { get; init; } = 3;
    public float HalfLife { get; init; } = 72;
    public float LongHalfLife { get; init; } = 36;
    public float Hourly { get; init; } = 2;
    public float FleetWeight { get; init; } = 1;
    public float FleetWeightLater { get; init; } = 2;

    /// <summary>A host whose chance to be overloaded in the next interval is higher gives VMs away.</summary>
    public double Repair { get; init; } = 0.01;

    /// <summary>A host is emptied only if the mean chance stays below these.</summary>
    public double MeanSoon { get; init; } = 0.001;
    public double MeanLater { get; init; } = 0.01;

    /// <summary>How much the hours ahead count against the next interval.</summary>
    public double LaterWeight { get; init; } = 0.1;

    /// <summary>A move that lowers the sum of risks by less is not worth it.</summary>
    public double LeastGain { get; init; } = 0.003;

    /// <summary>A host is woken when the mean chance is that many times what is allowed.</summary>
    public double WakeAt { get; init; } = 1.5;

    public double MovesPerVmDay { get; init; } = 1;
    public int DrainEvery { get; init; } = 3;
}
