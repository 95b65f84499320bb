using Xiangyun.Kernel;

namespace Xiangyun.Optimizer.Public;

/// <summary>What a host can give. Power is drawn at 0, 10 .. 100 % use, straight lines between.</summary>
public sealed record HostShape(string Name, int Cores, double CoreMips, double RamMb, double NicGbit, double[] Watts)
{
    public double Mips { get; } = Cores * CoreMips;

    /// <summary>What may be booked here, class by class, overcommit included: the same classes as <see cref="VmShape.Books"/>.</summary>
    public double[] Offers { get; init; } = [];

    public double WattsAt(double use) => new PowerCurve(Watts).At(use);
}
