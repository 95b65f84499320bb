using Xiangyun.Consolidation.Policies;
using Xiangyun.Protocol;

namespace Xiangyun.Consolidation.Safety;

/// <summary>One objective that a sample passes.</summary>
/// <param name="ServerId">null: the host as a whole.</param>
internal sealed record Excess(string? ServerId, string Kind, double Value, double Slo)
{
    public const string Steal = "steal", Memory = "memory_pressure", Faults = "major_faults";
}

/// <summary>Compares a sample with what is promised. Pure.</summary>
internal static class Measured
{
    public static IReadOnlyList<Excess> Over(Slo slo, Seen seen)
    {
        var over = new List<Excess>();
        foreach (var g in seen.Guests)
        {
            if (slo.StealPercent is { } most && g.HasCpuWait && g.Vcpus > 0 && 100 * g.CpuWait / g.Vcpus is var steal && steal > most) over.Add(new Excess(g.Id, Excess.Steal, steal, most));
            if (slo.MajorFaults is { } faults && g.HasMajorFaults && g.MajorFaults > faults) over.Add(new Excess(g.Id, Excess.Faults, g.MajorFaults, faults));
        }
        if (slo.MemoryPressurePercent is { } pressure && seen.Usage is { HasMemoryPressure: true } usage && usage.MemoryPressure > pressure) over.Add(new Excess(null, Excess.Memory, usage.MemoryPressure, pressure));
        return over;
    }
}
