using Xiangyun.Optimizer.Forecasting;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// The load of a host with many VMs: a normal curve with the skew of its parts (Edgeworth). VMs do not move independently of each other:
/// `common` is how much the whole fleet swings together between two samples, as a share of its load.
/// </summary>
internal sealed class BellCurve(double capacity, double common) : LoadCurve
{
    private double _variance, _third;

    public override double Risk => Above(Mean, _variance, _third);

    public override void Clear() => (Mean, _variance, _third) = (0, 0, 0);

    public override void Add(Chance chance) => (Mean, _variance, _third) = (Mean + chance.Mean, _variance + chance.Variance, _third + chance.Third);

    public override double RiskWith(Chance chance) => Above(Mean + chance.Mean, _variance + chance.Variance, _third + chance.Third);

    public override double RiskWithout(int vm, IReadOnlyList<int> on, Chance[] chances) =>
        Above(Mean - chances[vm].Mean, _variance - chances[vm].Variance, _third - chances[vm].Third);

    private double Above(double mean, double variance, double third)
    {
        variance = Math.Max(variance, 0) + common * common * mean * mean;
        if (variance < 1) return mean > capacity ? 1 : 0;
        var sd = Math.Sqrt(variance);
        var z = (capacity - mean) / sd;
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        return Math.Clamp(Tail(z, density) + density * third / (variance * sd) * (z * z - 1) / 6, 0, 1);
    }

    /// <summary>Abramowitz and Stegun 26.2.17.</summary>
    private static double Tail(double z, double density)
    {
        var t = 1 / (1 + 0.2316419 * Math.Abs(z));
        var q = density * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return z >= 0 ? q : 1 - q;
    }
}
