namespace Xiangyun.Optimizer.Public;

/// <summary>What a VM may use at most. RamMb is what its flavour says, WorkingMb what must stay resident so that it is not slowed.</summary>
public sealed record VmShape(string Name, double Mips, double RamMb)
{
    public double WorkingMb { get; init; } = RamMb;

    /// <summary>What it belongs to (an application, a project): members behave alike, so one learns from the others. Null: unknown.</summary>
    public string? Group { get; init; }

    /// <summary>Over how many cores it spreads: a host must have so many.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>What is booked for it, class by class (vCPU, memory, disk), whatever it uses.</summary>
    public double[] Books { get; init; } = [];
}
