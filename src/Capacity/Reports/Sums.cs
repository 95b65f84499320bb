using System.Text.Json.Nodes;
using Xiangyun.Compute.Public;
using Xiangyun.Store.Quotas;
using Xiangyun.Telemetry.Public;

namespace Xiangyun.Capacity.Reports;

/// <summary>What an organisation's servers used together, hour by hour: the sum over its servers, of what those that are known have. Its p95 is the sum's, not the servers'.</summary>
internal sealed class Sums
{
    private readonly SortedDictionary<long, (double Busy, double Vcpus, double Mib, double Ram)> _hours = [];

    public int Servers { get; private set; }
    public long Vcpus { get; private set; }
    public long RamMib { get; private set; }

    public void Add(ServerFacts server, IEnumerable<UsePoint> month)
    {
        (Servers, Vcpus, RamMib) = (Servers + 1, Vcpus + server.Vcpus, RamMib + server.RamMib);
        foreach (var p in month)
        {
            if (p.CpuPercent is not { } cpu) continue;
            var sum = _hours.GetValueOrDefault(p.At);
            _hours[p.At] = (sum.Busy + cpu / 100 * server.Vcpus, sum.Vcpus + server.Vcpus, sum.Mib + (p.MemoryPercent ?? 0) / 100 * server.RamMib, sum.Ram + (p.MemoryPercent is null ? 0 : server.RamMib));
        }
    }

    public IReadOnlyList<double> Cpu => [.. _hours.Values.Where(h => h.Vcpus > 0).Select(h => 100 * h.Busy / h.Vcpus)];
    public IReadOnlyList<double> Memory => [.. _hours.Values.Where(h => h.Ram > 0).Select(h => 100 * h.Mib / h.Ram)];

    public IEnumerable<object?> Cells(OrganisationNode node)
    {
        var (cpu, memory) = (Three(Cpu), Three(Memory));
        return [node.Id, node.Name, Servers, Vcpus, RamMib, cpu.Mean, cpu.P95, cpu.Peak, memory.Mean, memory.P95, memory.Peak, _hours.Count];
    }

    public JsonObject Wire(OrganisationNode node)
    {
        var (cpu, memory) = (Three(Cpu), Three(Memory));
        JsonObject Of((double? Mean, double? P95, double? Peak) three) => new() { ["avg"] = three.Mean, ["p95"] = three.P95, ["peak"] = three.Peak };
        return new JsonObject { ["organisation_id"] = node.Id, ["name"] = node.Name, ["servers"] = Servers, ["vcpus"] = Vcpus, ["ram_mib"] = RamMib, ["cpu_percent"] = Of(cpu), ["memory_percent"] = Of(memory), ["hours_known"] = _hours.Count };
    }

    private static (double? Mean, double? P95, double? Peak) Three(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return (null, null, null);
        var sorted = values.Order().ToList();
        return (Math.Round(values.Average(), 1), Math.Round(sorted[(int)Math.Ceiling(0.95 * sorted.Count) - 1], 1), Math.Round(sorted[^1], 1));
    }
}
