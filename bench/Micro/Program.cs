// Times the hot paths in one run and prints each as a ratio to the first, with the bytes that it allocates:
//   dotnet run -c Release --project bench/Micro [-- --filter '*']
// A unit test (Allocations) holds the bytes to their ceilings in every test run; times are for people to compare.
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xiangyun.Micro;

var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "xiangyun-micro"));
BenchmarkSwitcher.FromTypes([typeof(Requests)]).Run(args.Length == 0 ? ["--filter", "*"] : args, config);

/// <summary>One benchmark for each hot path.</summary>
[MemoryDiagnoser]
public class Requests
{
    public static IEnumerable<string> Names => HotPaths.All.Select(p => p.Name);

    private Action _run = () => { };

    [ParamsSource(nameof(Names))]
    public string Path { get; set; } = "";

    [GlobalSetup]
    public void Find() => _run = HotPaths.All.Single(p => p.Name == Path).Run;

    [Benchmark]
    public void Run() => _run();
}
