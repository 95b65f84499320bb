using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Ledger;

/// <summary>
/// Counts a host again from who stayed on it and what they used: the evaluator's own meter, on the evaluator's terms (`docs/consolidation.md`),
/// but without the planner, the schedule or anything else that decided.
/// </summary>
internal static class Reckoning
{
    private const double Offset = 0.1;

    /// <summary>One meter for each day.</summary>
    public static Meter[] Of(HostBook host, Trace trace, int days)
    {
        var meters = Enumerable.Range(0, days).Select(_ => new Meter()).ToArray();
        foreach (var byDay in host.On.GroupBy(s => Span.DayOf(s.From)))
        {
            var midnight = byDay.Key * (double)Span.DaySeconds;
            Stay[] stays = [.. host.Stays.Where(s => s.To > midnight && s.Start < midnight + Span.DaySeconds)
                .Select(s => s with { Start = s.Start - midnight, From = s.From - midnight, Left = s.Left - midnight, To = s.To - midnight })];
            foreach (var span in byDay) Count(meters[byDay.Key], host, trace, stays, span.From - midnight, span.To - midnight);
        }
        return meters;
    }

    private static void Count(Meter meter, HostBook host, Trace trace, Stay[] stays, double from, double to)
    {
        for (var step = (int)((from - Offset) / Trace.Seconds); step < Trace.Steps; step++)
        {
            var begin = step * Trace.Seconds + Offset;
            var end = step == Trace.Steps - 1 ? Trace.Steps * Trace.Seconds : (step + 1) * Trace.Seconds + Offset;
            var (low, high) = (Math.Max(from, begin), Math.Min(to, end));
            if (low >= to - 1e-9) return;
            if (high <= low) continue;
            Stay[] here = [.. stays.Where(s => s.To > low && s.Start < high)];
            double[] cuts = [low, .. here.SelectMany(s => new[] { s.Start, s.From, s.Left, s.To }).Where(c => c > low + 1e-9 && c < high - 1e-9).Distinct().Order(), high];
            for (var i = 1; i < cuts.Length; i++) Piece(meter, host, trace, here, cuts[i - 1], cuts[i], begin, end);
        }
    }

    /// <summary>Between two cuts nobody comes or goes; between the ends of the interval each load is a straight line.</summary>
    private static void Piece(Meter meter, HostBook host, Trace trace, Stay[] stays, double a, double b, double begin, double end)
    {
        double demand0 = 0, demand1 = 0, reserve0 = 0, reserve1 = 0;
        var (f0, f1, middle) = ((a - begin) / (end - begin), (b - begin) / (end - begin), (a + b) / 2);
        foreach (var stay in stays)
        {
            if (middle < stay.Start || middle > stay.To) continue;
            var mips = trace.Vms[stay.Vm].Mips;
            var (x, y) = (trace.Share(stay.Vm, begin) * mips, trace.Share(stay.Vm, end) * mips);
            if (middle < stay.From)
            {
                reserve0 += Terms.Overhead * (x + (y - x) * f0);
                reserve1 += Terms.Overhead * (x + (y - x) * f1);
                continue;
            }
            (x, y) = (Math.Min(x, host.Shape.CoreMips), Math.Min(y, host.Shape.CoreMips));
            demand0 += x + (y - x) * f0;
            demand1 += x + (y - x) * f1;
        }
        meter.Add(host.Shape, b - a, demand0, demand1, demand0 + reserve0, demand1 + reserve1);
    }
}
