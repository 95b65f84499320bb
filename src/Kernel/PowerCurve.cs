namespace Xiangyun.Kernel;

/// <summary>Watts of one host at 0, 10 .. 100 % use of its processors, with a straight line between.</summary>
public readonly record struct PowerCurve(double[] Watts)
{
    /// <param name="use">0 to 1.</param>
    public double At(double use)
    {
        var at = Math.Clamp(use, 0, 1) * 10;
        var below = Math.Min((int)at, 9);
        return Watts[below] + (Watts[below + 1] - Watts[below]) * (at - below);
    }
}
