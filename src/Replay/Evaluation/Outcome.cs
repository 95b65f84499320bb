namespace Xiangyun.Replay.Evaluation;

/// <summary>The figures of one trace under one policy, always shown together: each alone can be made to look good.</summary>
internal sealed record Outcome
{
    public required string Trace { get; init; }
    public required string Policy { get; init; }
    public required int Vms { get; init; }
    public required double UtilPct { get; init; }
    public required double OverloadTimePct { get; init; }
    public required double UnservedPct { get; init; }
    public required double MigrationsPerVmDay { get; init; }
    public required double HostHours { get; init; }
    public required double EnergyKwh { get; init; }
    public required int PeakHosts { get; init; }
    public required double Esv { get; init; }
    public required int Migrations { get; init; }
    public required double MeanHosts { get; init; }
    public required double SlatahPct { get; init; }
    public required double PdmPct { get; init; }
    public required double MemoryOverTimePct { get; init; }
    public required double PlanMilliseconds { get; init; }
    public required IReadOnlyList<Moment> Course { get; init; }
}

/// <summary>One five-minute interval of the course of the day.</summary>
internal readonly record struct Moment(int Step, double Hosts, double UtilPct, double OverloadPct, int Migrations);
