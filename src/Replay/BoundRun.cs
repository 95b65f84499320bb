using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay;

/// <summary>
/// `bound`: the use that nobody can pass without overload, not even knowing the future, moving for nothing and booting at once. Hosts come
/// whole, so each interval needs the least capacity, and memory where it binds, that holds the demand at both of its ends.
/// </summary>
internal static class BoundRun
{
    public static int Run(Options options, TextWriter output)
    {
        IReadOnlyList<Trace> traces = [.. options.Traces.SelectMany(TraceFolder.Read)];
        if (options.Merge && traces.Count > 1) traces = [Trace.Merge(traces)];
        foreach (var trace in traces.Select(t => ReplayRun.WithMemory(t, options)))
        {
            var memory = options.KeepRam ? trace.Vms.Sum(vm => vm.WorkingMb) : 0;
            var demand = Enumerable.Range(0, Trace.Steps).Select(k => Enumerable.Range(0, trace.Vms.Length).Sum(vm => trace.Sample(vm, k) / 100.0 * trace.Vms[vm].Mips)).ToArray();
            HostShape[] shapes = [.. Estates.Of(options.Hosts).DistinctBy(h => h.Name)];
            double used = 0, given = 0;
            for (var k = 1; k < Trace.Steps; k++)
            {
                var after = demand[Math.Min(k + 1, Trace.Steps - 1)];
                used += (demand[k] + after) / 2;
                given += Least(shapes, Math.Max(demand[k], after), memory);
            }
            output.WriteLine($"{trace.Name}: at most {100 * used / given:F2} % use without overload; resident memory {memory / 1024:F0} GB");
        }
        return 0;
    }

    /// <summary>The least capacity of whole hosts, of one or two shapes, with room for that much.</summary>
    private static double Least(HostShape[] shapes, double mips, double memory)
    {
        var (first, last) = (shapes[0], shapes[^1]);
        var least = double.MaxValue;
        for (var n = 0; n == 0 || (n - 1) * first.Mips < mips || (n - 1) * first.RamMb < memory; n++)
        {
            var rest = Math.Max(Math.Ceiling((mips - n * first.Mips) / last.Mips), Math.Ceiling((memory - n * first.RamMb) / last.RamMb));
            least = Math.Min(least, n * first.Mips + Math.Max(0, rest) * last.Mips);
        }
        return least;
    }
}
