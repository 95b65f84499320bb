using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xiangyun.Client.Records;

/// <summary>Which server is too large or too small, why, and how far its change is.</summary>
public sealed record Advice(string Id, string ServerId, string ServerName, string ProjectId, string Kind, string State, AdviceFlavor From, AdviceFlavor To, AdviceSaving Saves, string Confidence, AdviceEvidence Evidence, string? AcceptedBy, string? RequestId, DateTimeOffset? WatchUntil, DateTimeOffset? QuietUntil, string? Why, string? Error, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public bool UnderWay => State is "accepted" or "asked" or "resizing" or "watching" or "undoing" or "reverting";
    /// <summary>For seconds, not for hours.</summary>
    public bool Moving => State is "resizing" or "undoing" or "reverting";
    public bool Acceptable => State is "proposed" or "dismissed" or "failed";
}

public sealed record AdviceFlavor(string Id, string Name, int Vcpus, long RamMib);

/// <param name="Cost">Hundredths of the currency for 30 days; negative = it costs more.</param>
public sealed record AdviceSaving(int Vcpus, long RamMib, long Cost, string Currency);

public sealed record AdviceEvidence(string From, string To, double Days, AdviceCpu Cpu, AdviceMemory Memory);

public sealed record AdviceCpu(double P50, double P95, double P99, double Peak, double? WaitP95, double Target, double Needs, int Has, string Why);

public sealed record AdviceMemory(double? P50, double? P95, double? Peak, double Margin, double NeedsMib, long HasMib, string Why);

/// <summary>Something that seems to be of no use, and what its owner says.</summary>
public sealed record IdleThing(string Id, string Kind, string ObjectKind, string ObjectId, string? Name, string ProjectId, string State, DateTimeOffset Since, long Cost, string Currency, JsonElement Evidence, int Reminders, DateTimeOffset? EscalatedAt, string? Reason, DateTimeOffset? KeepUntil, DateTimeOffset? ReleaseAt, string? Error);

public sealed record CapacityWindow(List<string> Days, string From, string To, long OpensInSeconds);

public sealed record CapacityWindowAnswer(CapacityWindow? Window, string? From);

/// <param name="Zone">null = the whole cloud.</param>
/// <param name="History">[milliseconds, allocated, used, capacity] by day.</param>
/// <param name="Fan">[milliseconds, p10, p50, p90] by day.</param>
public sealed record CapacityCourse(string? Zone, string Resource, string Unit, string AsOf, long Physical, long Capacity, long Allocated, double? Used, int DaysKnown, int DaysNeeded, bool Enough, int Horizon, string? Method, DaysLeft? DaysLeft, BackTest? BackTest, List<List<double?>>? History, List<List<double>>? Fan);

/// <summary>Null = not within the horizon. P10 is the early end.</summary>
public sealed record DaysLeft(int? P10, int? P50, int? P90);

public sealed record BackTest(int Origins, int DaysAhead, double CoveragePercent, double MapePercent);

public sealed record BureauGrowth(string OrganisationId, string Name, int Servers, long Vcpus, long RamMib, string Since, long VcpusBefore, long RamMibBefore, int ServersBefore);

public sealed record Utilisation(string OrganisationId, string Name, int Servers, long Vcpus, long RamMib, ThreePercents CpuPercent, ThreePercents MemoryPercent, int HoursKnown);

public sealed record ThreePercents(double? Avg, double? P95, double? Peak);

public sealed record WhatIfOutcome(List<WhatIfAdded> Added, int Moved, WhatIfStranded Stranded, WhatIfPicture Before, WhatIfPicture After, [property: JsonPropertyName("n_plus_1")] WhatIfSpare NPlus1, List<WhatIfDays> DaysLeft);

public sealed record WhatIfAdded(string Flavor, int Wanted, int Fits);

public sealed record WhatIfStranded(int Count);

public sealed record WhatIfPicture(int Hosts, int HostsInUse, double? CpuPercent, WhatIfLoad Capacity, WhatIfLoad Allocated);

public sealed record WhatIfLoad(double Vcpus, double RamMib, double DiskGib);

public sealed record WhatIfSpare(WhatIfReserve Before, WhatIfReserve After);

public sealed record WhatIfReserve(bool Held, string? WorstHost, int Stranded);

public sealed record WhatIfDays(string Resource, bool Enough, DaysLeft? Before, DaysLeft? After);
