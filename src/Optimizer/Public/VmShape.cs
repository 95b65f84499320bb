namespace Xiangyun.Optimizer.Public;

/// <summary>What a VM may use at most. RamMb is what its flavour says, WorkingMb what must stay resident so that it is not slowed.</summary>
public sealed record VmShape(string Name, double Mips, double RamMb)
{
    public double WorkingMb { get; init; } = RamMb;
}
