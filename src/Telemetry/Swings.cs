using Xiangyun.Telemetry.Public;

namespace Xiangyun.Telemetry;

/// <summary>
/// Which servers swing together: each joins the group whose day its own resembles most, or founds one. Looked at as the rings are written down, so each
/// server once an hour: 24 products for each of at most 64 groups. A group's day follows its members slowly.
/// </summary>
internal sealed class Swings
{
    public const double Alike = 0.8;
    private const int MostGroups = 64, Hours = 24, LeastHours = 72;
    /// <summary>Percentage points: whose day stirs less has no shape.</summary>
    private const double LeastStir = 1.5;
    private const float Follow = 0.02f;
    private static readonly string[] Names = ["idle", "low", "middle", "high"];
    private readonly Lock _lock = new();
    private readonly List<float[]> _leaders = [];
    private readonly Dictionary<string, (int Group, byte Level)> _of = [];

    public int Groups { get { lock (_lock) return _of.Values.Where(v => v.Group >= 0).Select(v => v.Group).Distinct().Count(); } }
    public int Grouped { get { lock (_lock) return _of.Values.Count(v => v.Group >= 0); } }

    public int? Of(string id) { lock (_lock) return _of.TryGetValue(id, out var found) && found.Group >= 0 ? found.Group : null; }

    public IReadOnlyList<string> Members(int group) { lock (_lock) return [.. _of.Where(v => v.Value.Group == group).Select(v => v.Key).Order(StringComparer.Ordinal)]; }

    /// <summary>Servers by the mean of their month: up to 5, 20, 50 and above.</summary>
    public IReadOnlyList<(string Level, int Count)> Levels() { lock (_lock) return [.. Names.Select((n, i) => (n, _of.Values.Count(v => v.Level == i)))]; }

    public bool Forget(string id)
    {
        lock (_lock) _of.Remove(id);
        return true;
    }

    public void Note(string id, IReadOnlyList<UsePoint> month)
    {
        if (id.StartsWith("host:", StringComparison.Ordinal)) return;
        var (sum, known) = (0.0, 0);
        foreach (var p in month)
            if (p.CpuPercent is { } cpu) (sum, known) = (sum + cpu, known + 1);
        if (known == 0) return;
        var level = (byte)((sum / known) switch { <= 5 => 0, <= 20 => 1, <= 50 => 2, _ => 3 });
        var day = known < LeastHours ? null : Normal(Profile.Shape(month));
        lock (_lock) _of[id] = (day is null ? -1 : Join(day), level);
    }

    private int Join(float[] day)
    {
        var (best, most) = (-1, float.MinValue);
        for (var g = 0; g < _leaders.Count; g++)
        {
            float product = 0;
            var leader = _leaders[g];
            for (var h = 0; h < Hours; h++) product += leader[h] * day[h];
            if (product > most) (best, most) = (g, product);
        }
        if (most < Alike && _leaders.Count < MostGroups)
        {
            _leaders.Add(day);
            return _leaders.Count - 1;
        }
        if (most < Alike) return -1;
        var next = new float[Hours];
        for (var h = 0; h < Hours; h++) next[h] = (1 - Follow) * _leaders[best][h] + Follow * day[h];
        _leaders[best] = Unit(next);
        return best;
    }

    /// <summary>Mean 0 and length 1, so that a product of two is their correlation; null where the day has no shape.</summary>
    private static float[]? Normal(double?[] shape)
    {
        if (shape.Any(v => v is null)) return null;
        var mean = shape.Average()!.Value;
        if (Math.Sqrt(shape.Average(v => Math.Pow(v!.Value - mean, 2))) < LeastStir) return null;
        return Unit([.. shape.Select(v => (float)(v!.Value - mean))]);
    }

    private static float[] Unit(float[] values)
    {
        var length = MathF.Sqrt(values.Sum(v => v * v));
        return length == 0 ? values : [.. values.Select(v => v / length)];
    }
}
