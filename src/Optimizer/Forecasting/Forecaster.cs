using Xiangyun.Optimizer.Public;

namespace Xiangyun.Optimizer.Forecasting;

/// <summary>
/// What a VM may do next, from moments of its own past that looked like now, and from what its kind did in its group and in the fleet.
/// Two horizons: the next interval, and the hours ahead for as long as a placement should last.
/// </summary>
internal sealed class Forecaster(Profiles profiles, Tuning tuning)
{
    /// <summary>With so many samples of the fleet the experience of a VM's group is rounded off.</summary>
    private const float Rounding = 10;
    private static readonly int[] Edges = [0, 1, 3, 6, 10, 15, 20, 30, 40, 50, 65, 80, 95, 101];
    private readonly float[] _likeness = [.. Enumerable.Range(0, 101).Select(d => (float)Math.Exp(-d / tuning.Likeness))];
    private readonly float[] _recent = [.. Enumerable.Range(0, Profiles.Remembered).Select(a => (float)Math.Pow(0.5, a / tuning.HalfLife))];
    private readonly float[] _lasting = [.. Enumerable.Range(0, Profiles.Remembered).Select(a => (float)Math.Pow(0.5, a / tuning.LongHalfLife))];

    public Chance Next(int vm, double mips)
    {
        Span<float> odds = stackalloc float[FleetTable.Values];
        var known = profiles.Known(vm);
        if (known == 0) return new Chance([(float)mips], [1]);
        int now = profiles.Ago(vm, 0), before = known > 1 ? profiles.Ago(vm, 1) : now;
        float sum = 0;
        for (var age = 1; age < known; age++)
        {
            int there = profiles.Ago(vm, age), earlier = age + 1 < known ? profiles.Ago(vm, age + 1) : there;
            var weight = _likeness[Math.Abs(there - now)] * (0.3f + 0.7f * _likeness[Math.Abs(earlier - before)]) * _recent[age];
            if ((age + 1) % 12 == 0) weight *= tuning.Hourly; // the same minute of an earlier hour
            odds[profiles.Ago(vm, age - 1)] += weight;
            sum += weight;
        }
        return Mix(odds, sum, tuning.FleetWeight, vm, now, mips);
    }

    public Chance Later(int vm, double mips)
    {
        Span<float> odds = stackalloc float[FleetTable.Values];
        var known = profiles.Known(vm);
        if (known == 0) return new Chance([(float)mips], [1]);
        float sum = 0;
        for (var age = 0; age < known; age++)
        {
            odds[profiles.Ago(vm, age)] += _lasting[age];
            sum += _lasting[age];
        }
        return Mix(odds, sum, tuning.FleetWeightLater, vm, profiles.Ago(vm, 0), mips);
    }

    private Chance Mix(Span<float> odds, float sum, float weight, int vm, int now, double mips)
    {
        var fleet = profiles.Fleet.Next(now, profiles.Swing(vm), out var total);
        var ofFleet = weight;
        if (profiles.Group(vm) is { } table)
        {
            var group = table.Next(now, profiles.Swing(vm), out var members);
            weight *= 1 + (tuning.GroupWeight - 1) * members / (members + Rounding);
            ofFleet = weight * Rounding / (members + Rounding);
            for (var i = 0; i < odds.Length; i++) odds[i] += group[i] * weight / (members + Rounding);
        }
        if (total > 0) for (var i = 0; i < odds.Length; i++) odds[i] += fleet[i] / total * ofFleet;
        else odds[now] += ofFleet;
        return Shorten(odds, sum + weight, mips);
    }

    /// <summary>A dozen points keep the mean of each bucket.</summary>
    private static Chance Shorten(ReadOnlySpan<float> odds, float sum, double mips)
    {
        Span<float> at = stackalloc float[Edges.Length], p = stackalloc float[Edges.Length];
        var n = 0;
        for (var b = 0; b + 1 < Edges.Length; b++)
        {
            float weight = 0, value = 0;
            for (var i = Edges[b]; i < Edges[b + 1]; i++)
            {
                weight += odds[i];
                value += odds[i] * i;
            }
            if (weight / sum < 1e-5f) continue;
            (at[n], p[n]) = ((float)(value / weight / 100 * mips), weight / sum);
            n++;
        }
        return new Chance(at[..n].ToArray(), p[..n].ToArray());
    }
}
