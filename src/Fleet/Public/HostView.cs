namespace Xiangyun.Fleet.Public;

/// <summary>A host as other modules see it: facts that its agent told, and whether the agent answers.</summary>
public sealed record HostView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public bool Simulated { get; init; }
    /// <summary>The agent answered within the last 30 s.</summary>
    public bool Alive { get; init; }
    /// <summary>False: takes no new servers.</summary>
    public bool Enabled { get; init; }
    public string? DisabledReason { get; init; }
    public string Accelerator { get; init; } = "";
    public string Arch { get; init; } = "x86_64";
    public int Vcpus { get; init; }
    public long MemoryMib { get; init; }
    public long DiskGib { get; init; }
    public string Hypervisor { get; init; } = "";
    public int HypervisorVersion { get; init; }
    /// <summary>OVN system-id; ports are bound to it.</summary>
    public string Chassis { get; init; } = "";
    /// <summary>Of a simulated host: what the use of its guests follows ("made up", or which recorded days); empty on real ones.</summary>
    public string LoadSource { get; init; } = "";
    public string Zone { get; init; } = "nova";
    public int RunningServers { get; init; }
    public long MemoryUsedMib { get; init; }
    public long DiskUsedGib { get; init; }
    public double CpuPercent { get; init; }
    public long CreatedAt { get; init; }
    public long SeenAt { get; init; }
}
