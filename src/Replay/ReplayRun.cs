using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Evaluation;
using Xiangyun.Replay.Published;
using Xiangyun.Replay.Report;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay;

/// <summary>`replay`: every trace under every policy, in one evaluator.</summary>
internal static class ReplayRun
{
    /// <summary>GB of memory for each vCPU in Huawei's requests; a vCPU is one core's worth of MIPS.</summary>
    private const double GbPerVcpu = 2.57, Headroom = 1.1;

    public static int Run(Options options, TextWriter output)
    {
        IReadOnlyList<Trace> traces = [.. options.Traces.SelectMany(TraceFolder.Read)];
        if (options.Merge && traces.Count > 1) traces = [Trace.Merge(traces)];
        traces = [.. traces.Select(t => WithMemory(t, options))];
        foreach (var policy in options.Policies) _ = Policy(policy, options); // a wrong name is told before hours are spent
        var jobs = traces.SelectMany(t => options.Policies.Select(p => (Trace: t, Policy: p))).ToArray();
        var outcomes = new Outcome[jobs.Length];
        Parallel.For(0, jobs.Length, i => outcomes[i] =
            new Replayer(jobs[i].Trace, Estates.Of(options.Hosts), new Terms(options.CloudSim), Policy(jobs[i].Policy, options), options.KeepRam).Run());
        foreach (var line in options.Json ? outcomes.Select(Lines.Json) : Lines.Table(outcomes)) output.WriteLine(line);
        if (options.Csv is { } csv) File.WriteAllLines(csv, Lines.Csv(outcomes));
        if (options.Html is { } html) File.WriteAllText(html, Page.Of(outcomes, options));
        return 0;
    }

    internal static IPolicy Policy(string name, Options options) =>
        MinimumMigrationTime.Named(name) ?? new OwnPolicy(name, Tuning.Named(name) ?? throw new WrongUse($"there is no policy {name}: known are {string.Join(", ", Tuning.Names)}, thr-mmt, iqr-mmt, mad-mmt, lr-mmt, lrr-mmt"), options.KeepRam,
            options.CloudSim ? double.PositiveInfinity : Terms.MovableMbPerGbit);

    /// <summary>On large hosts memory follows the vCPUs. With a working set, what must be resident is that share and a tenth more.</summary>
    internal static Trace WithMemory(Trace trace, Options options) => !options.KeepRam ? trace : trace with
    {
        Vms = [.. trace.Vms.Select(vm =>
        {
            var ram = options.Hosts == "64core" ? vm.Mips / Estates.Large.CoreMips * GbPerVcpu * 1024 : vm.RamMb;
            return vm with { RamMb = ram, WorkingMb = options.WorkingSet is { } share ? Math.Min(ram, ram * share * Headroom) : ram };
        })],
    };
}
