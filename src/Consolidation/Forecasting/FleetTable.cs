namespace Xiangyun.Consolidation.Forecasting;

/// <summary>
/// How VMs of a level and a swing went on, counted over the whole fleet. It speaks for a VM that has too little past of its own,
/// and for what has not happened to it yet.
/// </summary>
internal sealed class FleetTable
{
    public const int Levels = 8, Swings = 6, Values = 101;
    private const float Fade = 0.98f;
    private readonly float[] _next = new float[Levels * Swings * Values];
    private readonly float[] _sum = new float[Levels * Swings];

    public static int Level(int use) => use switch { 0 => 0, <= 2 => 1, <= 5 => 2, <= 10 => 3, <= 20 => 4, <= 35 => 5, <= 60 => 6, _ => 7 };

    public static int Swing(float swing) => swing switch { <= 0.3f => 0, <= 1 => 1, <= 2.5f => 2, <= 6 => 3, <= 14 => 4, _ => 5 };

    public void Learn(int before, float swing, int now)
    {
        var kind = Kind(before, swing);
        _next[kind * Values + now]++;
        _sum[kind]++;
    }

    public void Age()
    {
        for (var i = 0; i < _next.Length; i++) _next[i] *= Fade;
        for (var i = 0; i < _sum.Length; i++) _sum[i] *= Fade;
    }

    public ReadOnlySpan<float> Next(int use, float swing, out float sum)
    {
        var kind = Kind(use, swing);
        sum = _sum[kind];
        return _next.AsSpan(kind * Values, Values);
    }

    private static int Kind(int use, float swing) => Level(use) * Swings + Swing(swing);
}
