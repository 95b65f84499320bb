using Xiangyun.Optimizer.Forecasting;

namespace Xiangyun.Optimizer.Planning;

/// <summary>
/// Forecasts folded on a grid that reaches beyond the capacity, because a little too much costs less than much too much. A VM is added in
/// microseconds, and what a further VM would do to the risk is a dozen look-ups.
/// </summary>
internal sealed class FoldedCurve(double capacity) : LoadCurve
{
    /// <summary>Full: cells up to the capacity; a load of Last or more is short for all of the interval.</summary>
    private const int Full = 80, Last = 130;

    /// <summary>However little is short, it lasts until a VM has left.</summary>
    private const float AtLeast = 0.08f, PerCell = (1 - AtLeast) / (Last - Full);
    private float[] _mass = One();
    private float[] _spare = new float[Last + 1];
    private readonly float[] _risk = new float[Last + 2]; // with so many cells more
    private bool _fresh;

    public override double Risk
    {
        get
        {
            if (!_fresh) Freshen();
            return _risk[0];
        }
    }

    public override void Clear()
    {
        Array.Clear(_mass);
        _mass[0] = 1;
        (Mean, _fresh) = (0, false);
    }

    public override void Add(Chance chance)
    {
        Array.Clear(_spare);
        for (var k = 0; k < chance.Mips.Length; k++)
        {
            var at = Math.Min(chance.Mips[k] / capacity * Full, Last);
            var whole = (int)at;
            var part = (float)(at - whole);
            Shift(whole, chance.Odds[k] * (1 - part));
            if (part > 0) Shift(whole + 1, chance.Odds[k] * part);
        }
        (_mass, _spare) = (_spare, _mass);
        Mean += chance.Mean;
        _fresh = false;
    }

    public override double RiskWithout(int vm, IReadOnlyList<int> on, Chance[] chances)
    {
        var rest = new FoldedCurve(capacity);
        foreach (var other in on) if (other != vm) rest.Add(chances[other]);
        return rest.Risk;
    }

    public override double RiskWith(Chance chance)
    {
        if (!_fresh) Freshen();
        double risk = 0;
        for (var k = 0; k < chance.Mips.Length; k++)
        {
            var at = Math.Min(chance.Mips[k] / capacity * Full, Last);
            var whole = (int)at;
            risk += chance.Odds[k] * (_risk[whole] + (_risk[whole + 1] - _risk[whole]) * (at - whole));
        }
        return risk;
    }

    /// <summary>From the top: the mass at or above a cell, and how far it is above, give the risk with any number of cells more.</summary>
    private void Freshen()
    {
        Span<float> mass = stackalloc float[Last + 2], far = stackalloc float[Last + 2];
        for (var i = Last; i >= 0; i--)
        {
            mass[i] = mass[i + 1] + _mass[i];
            far[i] = far[i + 1] + mass[i + 1];
        }
        for (var more = 0; more <= Last; more++)
        {
            var (short0, short1) = (Full - more, Last - more);
            var beyond = short0 >= 0 ? far[short0] : far[0] - short0 * mass[0];
            _risk[more] = AtLeast * mass[Math.Max(short0, 0)] + PerCell * (beyond - far[short1]);
        }
        _risk[Last + 1] = _risk[Last];
        _fresh = true;
    }

    private void Shift(int by, float odds)
    {
        if (odds == 0) return;
        var n = Last - Math.Min(by, Last);
        var source = _mass.AsSpan(0, n);
        var target = _spare.AsSpan(Last - n, n);
        for (var i = 0; i < source.Length; i++) target[i] += source[i] * odds;
        float over = 0;
        for (var i = n; i <= Last; i++) over += _mass[i];
        _spare[Last] += over * odds;
    }

    private static float[] One()
    {
        var mass = new float[Last + 1];
        mass[0] = 1;
        return mass;
    }
}
