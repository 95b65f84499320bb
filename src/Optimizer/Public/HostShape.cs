namespace Xiangyun.Optimizer.Public;

/// <summary>What a host can give. Power is drawn at 0, 10 .. 100 % use, straight lines between.</summary>
public sealed record HostShape(string Name, int Cores, double CoreMips, double RamMb, double NicGbit, double[] Watts)
{
    public double Mips { get; } = Cores * CoreMips;

    /// <summary>What may be booked here, class by class, overcommit included: the same classes as <see cref="VmShape.Books"/>.</summary>
    public double[] Offers { get; init; } = [];

    public double WattsAt(double use)
    {
        var at = Math.Clamp(use, 0, 1) * 10;
        var below = Math.Min((int)at, 9);
        return Watts[below] + (Watts[below + 1] - Watts[below]) * (at - below);
    }
}
