using Xiangyun.Store;

namespace Xiangyun.Fleet.Public;

/// <summary>Watts of one host at 0, 10 .. 100 % use of its processors, with a straight line between.</summary>
public sealed record PowerCurve(IReadOnlyList<double> Watts)
{
    /// <param name="use">0 to 1.</param>
    public double At(double use)
    {
        var at = Math.Clamp(use, 0, 1) * 10;
        var below = Math.Min((int)at, 9);
        return Watts[below] + (Watts[below + 1] - Watts[below]) * (at - below);
    }
}

/// <summary>Registered by the module that keeps the operator's curves: what hosts draw where nothing measures it. All estimates come from here, so that no two pages differ.</summary>
public interface IPowerCurves
{
    Task<Func<HostView, PowerCurve>> Read(Query q);
}
