namespace Xiangyun.Client.Records;

/// <summary>How a cluster stands now; with its last day when one is asked for. `History`: [milliseconds, CPU %, hosts on, kWh of five minutes]; `Moves`: [milliseconds, how many]; `Scatter`: [vCPU given, processors wanted, name, id].</summary>
public sealed record Cluster([property: System.Text.Json.Serialization.JsonPropertyName("cluster")] string Name, bool Simulated, string Aim, int Hosts, int HostsOn, int HostsUsed, int Servers, int Movable, int Vcpus, int VcpusBooked, double VcpusUsed, double? CpuPercent, long MemoryMib, long MemoryBookedMib, double Watts,
    int ReserveHosts, bool? ReserveHolds, long? ReserveLeftVcpus, long? ReserveLeftMib, int Breaches, string? PlanId, int Drafts, string? Round, DateTimeOffset? RoundAt, List<List<double?>>? History, List<List<double>>? Moves, List<System.Text.Json.JsonElement>? Scatter);

public sealed record ConsolidationPolicy(string Cluster, string? From, string Aim, int ReserveHosts, PolicyApproval Approval, PolicyBudget Budget, List<PolicyWindow> Windows, string TimeZone, PolicyOvercommit Overcommit, PolicySlo Slo, int NumaNodes, bool PowerOff, int PlanEveryMinutes, int StopAfterFailures, DateTimeOffset? UpdatedAt, string? UpdatedBy);

public sealed record PolicyApproval(string Mode, int MostMoves, double MostRiskPercent, string Rescue);

public sealed record PolicyBudget(int Concurrent, int PerHost, int PerVmDay, int PerHostDay, int MostMoves);

public sealed record PolicyWindow(List<string> Days, string From, string To);

public sealed record PolicyOvercommit(double? Vcpu, double? Memory);

public sealed record PolicySlo(double? StealPercent, double? MemoryPressurePercent, double? MajorFaults, int Samples);

/// <summary>A plan of moves; moves, switches and picture only when one is asked for.</summary>
public sealed record ConsolidationPlan(string Id, string Cluster, string Kind, string State, string Aim, string Trigger, string? Why, string? ParentId, string? UndoId, string PlanHash, string MadeBy, DateTimeOffset MadeAt, string? ApprovedBy, DateTimeOffset? ApprovedAt,
    string? StoppedBy, DateTimeOffset? StoppedAt, string? StoppedWhy, string? FailedWhy, DateTimeOffset? EndedAt, DateTimeOffset? UndoneAt, PlanGain? Gain, PlanEvidence? Evidence, List<PlanStay> Stays, List<PlanHost> HostsOn, List<PlanHost> HostsOff,
    int MovesAll, int MovesDone, int MovesFailed, int MovesSkipped, int MovesUnderWay, List<PlanMove>? Moves, List<PlanSwitch>? Switches, PlanPicture? Picture);

public sealed record PlanGain(int HostsUsedBefore, int HostsUsedAfter, int HostsOnBefore, int HostsOnAfter, double WattsBefore, double WattsAfter, double UsePercentBefore, double UsePercentAfter, double RiskPercentBefore, double RiskPercentAfter);

public sealed record PlanEvidence(DateTimeOffset? From, DateTimeOffset? To, int Samples, int Servers, int Known, PlanShortage? Shortage);

/// <param name="AllowedPercent">null: the aim does not follow the record.</param>
public sealed record PlanShortage(int Hours, double? Percent, double? AllowedPercent, double RiskFactor);

public sealed record PlanStay(string Why, int Servers);

public sealed record PlanHost(string Id, string Name);

public sealed record PlanMove(int Place, string ServerId, string ServerName, string ProjectId, int Vcpus, long MemoryMib, string FromHost, string ToHost, string? Why, string State, string? Words, DateTimeOffset? BegunAt, DateTimeOffset? EndedAt);

public sealed record PlanSwitch(string HostId, string Turn, DateTimeOffset? AskedAt, DateTimeOffset? EndedAt, string? Words);

/// <summary>The estate when the plan was made: hosts are columns, servers are blocks.</summary>
public sealed record PlanPicture(Dictionary<string, PictureServer> Servers, List<PictureHost> Hosts);

public sealed record PictureServer(string Name, string ProjectId, int Vcpus, long MemoryMib, double UsedVcpus, double WorkingMib, string? Stays);

public sealed record PictureHost(string Id, string Name, bool Simulated, int Vcpus, long MemoryMib, bool On, List<string> Before, List<string> After);

/// <summary>A promise to guests that was broken. Cluster, host and what was done are told to operators only.</summary>
public sealed record Breach(string Id, string? ServerId, string? ProjectId, string Kind, double Value, double Slo, string Unit, DateTimeOffset Since, DateTimeOffset? EndedAt, string? Cluster, string? HostId, string? Did, string? PlanId);
