using Xiangyun.Kernel;
using Xiangyun.Wire;

namespace Xiangyun.Consolidation.Policies;

/// <summary>What an operator wants of a cluster. A cluster is an availability zone; one without a policy of its own has the cloud's default.</summary>
internal sealed record Policy
{
    public const string None = "none", Balance = "balance", Consolidate = "consolidate", Energy = "energy";
    public static readonly string[] Aims = [None, Balance, Consolidate, Energy];

    public string Aim { get; init; } = None;
    /// <summary>So many hosts may fail at once, and what they held still fits into the others.</summary>
    public int ReserveHosts { get; init; }
    public Approval Approval { get; init; } = new();
    public Budget Budget { get; init; } = new();
    /// <summary>Moves begin within these only; none = at any time.</summary>
    public IReadOnlyList<Window> Windows { get; init; } = [];
    public string TimeZone { get; init; } = "Asia/Shanghai";
    /// <summary>null: whatever Placement has.</summary>
    public Overcommit Overcommit { get; init; } = new(null, null);
    public Slo Slo { get; init; } = new();
    /// <summary>NUMA nodes of each host: what fits into one node is not moved to where it would span two.</summary>
    public int NumaNodes { get; init; } = 1;
    /// <summary>Hosts that a plan empties are switched off.</summary>
    public bool PowerOff { get; init; }
    /// <summary>How often the cluster is planned for by itself; 0 = only when asked.</summary>
    public int PlanEveryMinutes { get; init; }
    /// <summary>So many failed moves stop a plan.</summary>
    public int StopAfterFailures { get; init; } = 3;

    public static Policy Read(Fields f)
    {
        var otherwise = new Policy();
        var aim = f.OneOf("aim", Aims) ?? throw CloudError.Invalid($"Invalid input: '{f.At("aim")}' is a required property: {string.Join(", ", Aims)}.");
        var policy = new Policy
        {
            Aim = aim, ReserveHosts = (int)(f.NumberOr("reserve_hosts", 0, 1000) ?? 0), Approval = Approval.Read(f.ObjectOr("approval")), Budget = Budget.Read(f.ObjectOr("budget")),
            Windows = [.. (f.ObjectsOr("windows") ?? []).Select(Window.Read)], TimeZone = f.TextOr("time_zone", 1, 64) ?? otherwise.TimeZone, Overcommit = Overcommit.Read(f.ObjectOr("overcommit")), Slo = Slo.Read(f.ObjectOr("slo")),
            NumaNodes = (int)(f.NumberOr("numa_nodes", 1, 64) ?? 1), PowerOff = f.FlagOr("power_off") ?? aim == Energy, PlanEveryMinutes = (int)(f.NumberOr("plan_every_minutes", 0, 7 * 24 * 60) ?? 0), StopAfterFailures = (int)(f.NumberOr("stop_after_failures", 1, 1000) ?? 3),
        };
        f.Done();
        if (policy.Windows.Count > 50) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("windows")}: at most 50.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(policy.TimeZone, out _)) throw CloudError.Invalid($"Invalid input for field/attribute {f.At("time_zone")}. Value: {policy.TimeZone}. It must be a name such as Asia/Shanghai.");
        return policy;
    }

    internal static double? Decimal(Fields f, string name, double min, double max)
    {
        if (f.Raw(name) is not { ValueKind: not System.Text.Json.JsonValueKind.Null } raw) return null;
        if (raw.ValueKind == System.Text.Json.JsonValueKind.Number && raw.TryGetDouble(out var number) && number >= min && number <= max) return number;
        throw CloudError.Invalid($"Invalid input for field/attribute {f.At(name)}. It must be a number between {min} and {max}.");
    }
}

/// <param name="Mode">manual: somebody approves each plan; auto: the rule does, up to so many moves and so much risk.</param>
/// <param name="Rescue">Whether the rule may approve what rescues a host (auto), or somebody must (manual).</param>
internal sealed record Approval(string Mode = "manual", int MostMoves = 20, double MostRiskPercent = 1, string Rescue = "auto")
{
    public static Approval Read(Fields? f)
    {
        if (f is null) return new Approval();
        var read = new Approval(f.OneOf("mode", "manual", "auto") ?? "manual", (int)(f.NumberOr("most_moves", 0, 100_000) ?? 20), Policy.Decimal(f, "most_risk_percent", 0, 100) ?? 1, f.OneOf("rescue", "auto", "manual") ?? "auto");
        f.Done();
        return read;
    }

    /// <summary>The rule's word on a plan; what moves back or rescues is asked for its size only: it is meant to end a risk.</summary>
    public bool Approves(string kind, int moves, double riskAfterPercent) => kind == Plans.PlanKinds.Rescue ? Rescue == "auto" : Mode == "auto" && moves <= MostMoves && riskAfterPercent <= MostRiskPercent;
}

/// <param name="Concurrent">Moves at a time in the cluster.</param>
/// <param name="PerHost">Moves at a time that leave or enter one host.</param>
internal sealed record Budget(int Concurrent = 8, int PerHost = 2, int PerVmDay = 2, int PerHostDay = 100, int MostMoves = 500)
{
    public static Budget Read(Fields? f)
    {
        if (f is null) return new Budget();
        int Number(string name, int otherwise, int most) => (int)(f.NumberOr(name, 1, most) ?? otherwise);
        var read = new Budget(Number("concurrent", 8, 1000), Number("per_host", 2, 100), Number("per_vm_day", 2, 1000), Number("per_host_day", 100, 100_000), Number("most_moves", 500, 100_000));
        f.Done();
        return read;
    }
}

/// <summary>How many times of what there is may be booked; enforced when servers are admitted.</summary>
internal sealed record Overcommit(double? Vcpu, double? Memory)
{
    public static Overcommit Read(Fields? f)
    {
        if (f is null) return new Overcommit(null, null);
        var read = new Overcommit(Policy.Decimal(f, "vcpu", 0.1, 64), Policy.Decimal(f, "memory", 0.1, 4));
        f.Done();
        return read;
    }
}

/// <summary>What guests are promised in spite of overcommit. null = not watched.</summary>
/// <param name="StealPercent">Of a guest's processors, the share that wanted to run and waited.</param>
/// <param name="MemoryPressurePercent">Of a host: time in which something waited for memory (PSI, some, 10 s).</param>
/// <param name="MajorFaults">Of a guest: pages a second that it had to wait for.</param>
/// <param name="Samples">So many samples in a row above it are a breach.</param>
internal sealed record Slo(double? StealPercent = 5, double? MemoryPressurePercent = 10, double? MajorFaults = null, int Samples = 1)
{
    public static Slo Read(Fields? f)
    {
        if (f is null) return new Slo();
        double? Value(string name, double otherwise, double most) => f.IsNull(name) ? null : Policy.Decimal(f, name, 0.1, most) ?? otherwise;
        var read = new Slo(Value("steal_percent", 5, 100), Value("memory_pressure_percent", 10, 100), Policy.Decimal(f, "major_faults", 0.1, 1e6), (int)(f.NumberOr("samples", 1, 20) ?? 1));
        f.Done();
        return read;
    }
}
