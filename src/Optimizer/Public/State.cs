namespace Xiangyun.Optimizer.Public;

/// <summary>The estate as it stands: shapes, and on which host each VM runs (-1: nowhere).</summary>
public sealed record State(IReadOnlyList<HostShape> Hosts, IReadOnlyList<VmShape> Vms, IReadOnlyList<int> HostOf, bool RamBinds = false)
{
    /// <summary>How much memory one Gbit/s of a host's network takes in before the next plan. A plan that asks for more is not finished in time.</summary>
    public double MovableMbPerGbit { get; init; } = double.PositiveInfinity;

    /// <summary>What a plan must respect beside load and memory.</summary>
    public Limits Limits { get; init; } = Limits.None;
}
