using Xiangyun.Optimizer.Public;
using Xiangyun.Replay.Traces;

namespace Xiangyun.Replay.Islands;

/// <summary>
/// Thirty old data centres and the hosts of the cloud that is to replace them, in one list of hosts: the old servers first, then the cloud's.
/// The VMs are dealt like cards, row after row of the trace, so every bureau has its share of all kinds.
/// </summary>
internal sealed record OldEstate(Trace Trace, HostShape[] Hosts, int[] IslandOf, string[] Names, int[] HostOf, int Islands)
{
    /// <summary>GB of memory for each vCPU in Huawei's requests; a vCPU is one core's worth of MIPS.</summary>
    private const double GbPerVcpu = 2.57;
    /// <summary>More than are ever needed; those that nobody needs are never switched on.</summary>
    private const double CloudMargin = 1.5;
    public const double CpuRatio = 4;

    public int OldHosts => Array.FindIndex(IslandOf, i => i < 0);
    public int FirstSpare => Hosts.Length - Spares;
    public int Spares { get; private init; }
    public HostShape Cloud => Hosts[^1];

    /// <summary>The old data centre that a VM came from.</summary>
    public int IslandOfVm(int vm) => vm % Islands;

    public static string NameOf(int island) => $"dc-{island + 1:00}";

    public static OldEstate Build(Trace trace, IslandsOptions options)
    {
        trace = trace with { Vms = [.. trace.Vms.Select(vm => vm with { RamMb = Memory(vm), WorkingMb = Memory(vm) })] };
        var (hosts, island, names, hostOf) = (new List<HostShape>(), new List<int>(), new List<string>(), new int[trace.Vms.Length]);
        for (var i = 0; i < options.Bureaus; i++)
        {
            var vms = Enumerable.Range(0, trace.Vms.Length).Where(vm => vm % options.Bureaus == i).ToList();
            var (servers, on) = Sizing.Buy(trace, vms, options.Sizing);
            foreach (var (vm, at) in on) hostOf[vm] = hosts.Count + at;
            hosts.AddRange(servers);
            island.AddRange(servers.Select(_ => i));
            names.AddRange(servers.Select((_, n) => $"{NameOf(i)}-s{n + 1:000}"));
        }
        var cloud = Estates.Cloud(options.Cloud.Cores, options.Cloud.Gb);
        var needed = Math.Max(trace.Vms.Sum(vm => vm.RamMb) / cloud.RamMb, trace.Vms.Sum(vm => vm.Mips) / CpuRatio / cloud.Mips);
        var count = (int)Math.Ceiling(needed * CloudMargin) + 2 + options.Spare;
        hosts.AddRange(Enumerable.Repeat(cloud, count));
        island.AddRange(Enumerable.Repeat(-1, count));
        names.AddRange(Enumerable.Range(1, count).Select(n => $"cloud-{n:00}"));
        return new OldEstate(trace, [.. hosts], [.. island], [.. names], hostOf, options.Bureaus) { Spares = options.Spare };
    }

    private static double Memory(VmShape vm) => vm.Mips / Estates.SmallG5.CoreMips * GbPerVcpu * 1024;
}
