using Xiangyun.Consolidation.Forecasting;

namespace Xiangyun.Consolidation.Planning;

/// <summary>
/// Forecasts folded on a grid of the capacity. A VM is added in microseconds, and
/// what a further VM would do to the risk is a dozen look-ups.
/// </summary>
internal sealed class FoldedCurve(double capacity) : LoadCurve
{
    private const int Cells = 128;
    private float[] _mass = One();
    private float[] _spare = new float[Cells + 1];
    private readonly float[] _tail = new float[Cells + 1]; // at least i cells
    private bool _fresh;

    public override double Risk => _mass[Cells];

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
            var at = Math.Min(chance.Mips[k] / capacity * Cells, Cells);
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
            var left = Cells - chance.Mips[k] / capacity * Cells;
            if (left <= 0) { risk += chance.Odds[k]; continue; }
            var whole = (int)left;
            var above = whole >= Cells ? 0 : _tail[whole + 1] - _tail[whole];
            risk += chance.Odds[k] * (_tail[whole] + above * (left - whole));
        }
        return risk;
    }

    private void Freshen()
    {
        float sum = 0;
        for (var i = Cells; i >= 0; i--) _tail[i] = sum += _mass[i];
        _fresh = true;
    }

    private void Shift(int by, float odds)
    {
        var (from, to) = (_mass, _spare);
        if (odds == 0) return;
        if (by >= Cells)
        {
            float all = 0;
            foreach (var m in from) all += m;
            to[Cells] += all * odds;
            return;
        }
        var n = Cells - by;
        var source = from.AsSpan(0, n);
        var target = to.AsSpan(by, n);
        for (var i = 0; i < source.Length; i++) target[i] += source[i] * odds;
        float over = 0;
        for (var i = n; i <= Cells; i++) over += from[i];
        to[Cells] += over * odds;
    }

    private static float[] One()
    {
        var mass = new float[Cells + 1];
        mass[0] = 1;
        return mass;
    }
}
