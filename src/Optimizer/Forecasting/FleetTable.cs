namespace Xiangyun.Optimizer.Forecasting;

/// <summary>
/// How VMs of a level and a swing went on, counted over the whole fleet or over a group. It speaks for a VM that has too little past of its own,
/// and for what has not happened to it yet.
/// </summary>
internal sealed class FleetTable
{
    public const int Levels = 8, Swings = 6, Values = 101;
    private readonly float _fade;
    private readonly float[] _next = new float[Levels * Swings * Values];
    private readonly float[] _sum = new float[Levels * Swings];

    /// <summary>
    /// Before anything is seen: small steps of the size of the swing, and one sample in forty that leaves far upwards. Without it the first
    /// plan would believe that nothing ever jumps. It fades like all else.
    /// </summary>
    private const float Expected = 20, Leaves = 1f / 40, Far = 15;
    private static readonly int[] Use = [0, 2, 4, 8, 15, 27, 47, 80];
    private static readonly float[] Step = [0.5f, 0.7f, 1.8f, 4, 10, 25];

    public FleetTable(float fade = 0.98f, bool expects = true)
    {
        _fade = fade;
        if (!expects) return;
        Span<float> odds = stackalloc float[Values];
        for (var level = 0; level < Levels; level++)
            for (var swing = 0; swing < Swings; swing++)
            {
                float near = 0, far = 0;
                for (var v = 0; v < Values; v++)
                {
                    near += MathF.Exp(-Math.Abs(v - Use[level]) / Step[swing]);
                    if (v > Use[level]) far += MathF.Exp((Use[level] - v) / Far);
                }
                for (var v = 0; v < Values; v++)
                    odds[v] = (1 - Leaves) * MathF.Exp(-Math.Abs(v - Use[level]) / Step[swing]) / near +
                        (v > Use[level] ? Leaves * MathF.Exp((Use[level] - v) / Far) / far : 0);
                var kind = level * Swings + swing;
                for (var v = 0; v < Values; v++) _next[kind * Values + v] = Expected * odds[v];
                _sum[kind] = Expected;
            }
    }

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
        for (var i = 0; i < _next.Length; i++) _next[i] *= _fade;
        for (var i = 0; i < _sum.Length; i++) _sum[i] *= _fade;
    }

    public ReadOnlySpan<float> Next(int use, float swing, out float sum)
    {
        var kind = Kind(use, swing);
        sum = _sum[kind];
        return _next.AsSpan(kind * Values, Values);
    }

    private static int Kind(int use, float swing) => Level(use) * Swings + Swing(swing);
}
