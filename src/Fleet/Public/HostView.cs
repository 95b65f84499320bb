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
    /// <summary>Where other hosts reach it when a guest moves while it runs; empty = guests do not move so (simulated hosts share everything, so there the next one starts it at once).</summary>
    public string MoveAddress { get; init; } = "";
    /// <summary>Of a simulated host: what the use of its guests follows ("made up", or which recorded days); empty on real ones.</summary>
    public string LoadSource { get; init; } = "";
    public string Zone { get; init; } = "nova";
    public int RunningServers { get; init; }
    public long MemoryUsedMib { get; init; }
    public long DiskUsedGib { get; init; }
    public double CpuPercent { get; init; }
    /// <summary>Off: the cloud wants it switched off, and it takes no servers.</summary>
    public PowerState PowerWanted { get; init; } = PowerState.On;
    public PowerState PowerSeen { get; init; }
    /// <summary>Why it is wanted as it is, since when (0 = since ever), and since when it is seen as it is.</summary>
    public string PowerWhy { get; init; } = "";
    public long PowerWantedAt { get; init; }
    public long PowerSeenAt { get; init; }
    /// <summary>The power was once as it is wanted now; when it is not any more, somebody switched at the machine.</summary>
    public bool PowerReached { get; init; } = true;
    /// <summary>What its controller refused or answered last; null = nothing is wrong.</summary>
    public string? PowerFault { get; init; }
    /// <summary>It was switched on and has not answered yet, but still may.</summary>
    public bool Waking { get; init; }
    /// <summary>For people: what is wanted and what is seen, in one.</summary>
    public string PowerText => (PowerWanted, PowerSeen, Alive) switch
    {
        (PowerState.Off, PowerState.Off, _) => "off (by the cloud)",
        (PowerState.Off, _, _) => PowerReached ? "on, though the cloud switched it off" : "switching off",
        (_, _, true) => "on",
        (_, PowerState.Off, _) => PowerReached ? "off, not by the cloud" : "waking",
        (_, PowerState.On, _) when Waking => "booting",
        (_, PowerState.On, _) => "on, but its agent does not answer",
        _ => "unknown",
    };

    /// <summary>Switched off on purpose: that it does not answer is no fault.</summary>
    public bool OffByCloud => PowerWanted == PowerState.Off;
    public bool TakesServers => Alive && Enabled && !OffByCloud;
    public long CreatedAt { get; init; }
    public long SeenAt { get; init; }
}
