namespace Xiangyun.Optimizer.Forecasting;

/// <summary>A forecast: a few possible demands with their probabilities.</summary>
internal sealed class Chance(float[] mips, float[] odds)
{
    public float[] Mips { get; } = mips;
    public float[] Odds { get; } = odds;
    public double Mean { get; } = Moment(mips, odds, 0, 1);
    public double Variance { get; } = Moment(mips, odds, Moment(mips, odds, 0, 1), 2);

    public double Third => Moment(Mips, Odds, Mean, 3);

    public Chance Times(float factor) => new([.. Mips.Select(m => m * factor)], Odds);

    private static double Moment(float[] mips, float[] odds, double around, int power)
    {
        double sum = 0;
        for (var i = 0; i < mips.Length; i++)
        {
            double d = mips[i] - around, term = d;
            for (var p = 1; p < power; p++) term *= d;
            sum += odds[i] * term;
        }
        return sum;
    }
}
