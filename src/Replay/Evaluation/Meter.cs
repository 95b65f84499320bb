using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay.Evaluation;

/// <summary>
/// Adds up what happens on a host between two moments, in which its load is a straight line. Exact, no sub-steps: how long and how far
/// the line is above the capacity follows from its two ends.
/// </summary>
internal sealed class Meter
{
    public double ActiveSeconds, OverSeconds, Capacity, Served, Demanded, Excess, Joules;
    public double CountedActive, Violated, MigrationLoss, MemoryOverSeconds;

    /// <summary>load includes what a target reserves for VMs on their way; demand does not.</summary>
    public void Add(HostShape host, double seconds, double demand0, double demand1, double load0, double load1)
    {
        var (over, excess) = Above(load0, load1, host.Mips);
        ActiveSeconds += seconds;
        OverSeconds += over * seconds;
        Capacity += host.Mips * seconds;
        Demanded += (demand0 + demand1) / 2 * seconds;
        Excess += excess * seconds;
        Served += ((demand0 + demand1) / 2 - Above(demand0, demand1, host.Mips).Area) * seconds;
        Joules += (host.WattsAt(load0 / host.Mips) + host.WattsAt(load1 / host.Mips)) / 2 * seconds;
    }

    /// <summary>The share of the way on which the line from a to b is above the limit, and its mean height above it.</summary>
    internal static (double Share, double Area) Above(double a, double b, double limit)
    {
        var (low, high) = (Math.Min(a, b) - limit, Math.Max(a, b) - limit);
        if (high <= 0) return (0, 0);
        if (low >= 0) return (1, (low + high) / 2);
        var share = high / (high - low);
        return (share, share * high / 2);
    }
}
