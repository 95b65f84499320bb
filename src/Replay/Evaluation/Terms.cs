namespace Xiangyun.Replay.Evaluation;

/// <summary>
/// On whose terms a day is replayed. CloudSim's: a VM that asks for nothing in two samples leaves for the day, migrations are unlimited,
/// hosts boot at once. Plain: every VM stays, a host moves two VMs at a time for each Gbit/s, a boot takes 120 s.
/// </summary>
internal sealed record Terms(bool CloudSim)
{
    public const double Overhead = 0.1, BootSeconds = 120;

    public int ParallelMoves(double gbit) => CloudSim ? int.MaxValue : Math.Max(1, (int)(2 * gbit));

    /// <summary>What two migrations side by side carry in an interval, less the last of them, which may come too late.</summary>
    public const double MovableMbPerGbit = 2 * 0.9 * Traces.Trace.Seconds / (8 * 2000 / 1e6);

    /// <summary>Half of a Gbit/s carries one migration.</summary>
    public static double MoveSeconds(double ramMb) => ramMb * 8 * 2000 / 1e6;
}
