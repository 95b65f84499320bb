using Xiangyun.Fleet.Public;

namespace Xiangyun.Fleet.Hosts;

internal sealed class HostRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Endpoint { get; init; }
    /// <summary>The id that the agent gives itself; empty until it answered once.</summary>
    public string AgentId { get; init; } = "";
    public bool Enabled { get; init; } = true;
    public string? DisabledReason { get; init; }
    public string Zone { get; init; } = "nova";
    public bool Simulated { get; init; }
    public string Accelerator { get; init; } = "";
    public string Arch { get; init; } = "";
    public int Vcpus { get; init; }
    public long MemoryMib { get; init; }
    public long DiskGib { get; init; }
    public string Hypervisor { get; init; } = "";
    public int HypervisorVersion { get; init; }
    public string Chassis { get; init; } = "";
    /// <summary>Where other hosts reach it when a guest moves while it runs; empty = guests do not move so.</summary>
    public string MoveAddress { get; init; } = "";
    /// <summary>Of a simulated host: what the use of its guests follows.</summary>
    public string LoadSource { get; init; } = "";
    public int RunningServers { get; init; }
    public long MemoryUsedMib { get; init; }
    public long DiskUsedGib { get; init; }
    public double CpuPercent { get; init; }
    public long CreatedAt { get; init; }
    public long SeenAt { get; init; }
    public long PlanGeneration { get; init; }
    public string PlanHash { get; init; } = "";
    public PowerState PowerWanted { get; init; } = PowerState.On;
    public string PowerWhy { get; init; } = "";
    /// <summary>Since when it is wanted as it is; 0 = since ever.</summary>
    public long PowerWantedAt { get; init; }
    public long PowerGeneration { get; init; }
    /// <summary>The newest generation that was reached. What people do at the machine afterwards is seen, and not undone.</summary>
    public long PowerDone { get; init; }
    public PowerState PowerSeen { get; init; }
    /// <summary>Since when it is seen as it is.</summary>
    public long PowerSeenAt { get; init; }
    public string? PowerFault { get; init; }
}
