using System.Diagnostics;
using Xiangyun.Optimizer.Public;

namespace Xiangyun.Replay;

/// <summary>`bench`: one plan for a large made-up estate with a day of samples behind it, timed.</summary>
internal static class BenchRun
{
    private const int History = 288, Members = 50;

    public static int Run(string[] args, TextWriter output)
    {
        var (hosts, vms) = (Number("--hosts", 10_000), Number("--vms", 100_000));
        var random = new Random(1);
        HostShape[] shapes = [.. Enumerable.Repeat(Estates.SmallG5, hosts)];
        VmShape[] guests = [.. Enumerable.Range(0, vms).Select(i => new VmShape($"vm{i}", 500 * (1 + i % 5), 1024))];
        int[] on = [.. Enumerable.Range(0, vms).Select(i => i % hosts)];
        var profiles = new Profiles(vms, [.. Enumerable.Range(0, vms).Select(i => $"project {i / Members}")]);
        int[] level = [.. Enumerable.Range(0, vms).Select(_ => random.Next(2, 25))];
        var use = new sbyte[vms];
        var observe = Stopwatch.StartNew();
        for (var step = 0; step < History; step++)
        {
            for (var vm = 0; vm < vms; vm++) use[vm] = (sbyte)Math.Clamp(level[vm] + random.Next(-4, 5) + (random.Next(300) == 0 ? 60 : 0), 0, 100);
            profiles.Observe(use);
        }
        observe.Stop();
        var state = new State(shapes, guests, on);
        var policy = Word("--policy") ?? "consolidate";
        var tuning = Tuning.Named(policy) ?? throw new WrongUse($"--policy: the planner has no aim {policy}");
        foreach (var run in (ReadOnlySpan<string>)["first", "second", "third"])
        {
            var watch = Stopwatch.StartNew();
            var plan = Planner.Make(state, profiles, tuning, vms / 100);
            output.WriteLine($"{run} plan of {hosts} hosts, {vms} VMs, {policy}: {watch.Elapsed.TotalSeconds:F2} s on {Environment.ProcessorCount} cores, {plan.Moves.Count} moves, {plan.Emptied.Count} hosts emptied");
        }
        output.WriteLine($"samples of {vms} VMs, one interval: {observe.Elapsed.TotalMilliseconds / History:F1} ms");
        return 0;

        string? Word(string name) => Array.IndexOf(args, name) is >= 0 and var at ? at + 1 < args.Length ? args[at + 1] : throw new WrongUse($"{name} needs a value") : null;

        int Number(string name, int otherwise) => Word(name) is not { } word ? otherwise : int.TryParse(word, out var n) && n > 0 ? n : throw new WrongUse($"{name} needs a number");
    }
}
