using Xiangyun.Fleet.Public;

namespace Xiangyun.Fleet.Hosts;

/// <summary>A host as operators see it: everything that modules see, its endpoint, and which plan it was sent last.</summary>
internal static class HostWire
{
    public static object Of(HostRow row, HostView v) => new
    {
        v.Id, v.Name, row.Endpoint, v.Zone, v.Enabled, v.DisabledReason, v.Simulated, v.Alive, v.Accelerator, v.Arch, v.Vcpus, v.MemoryMib, v.DiskGib,
        v.Hypervisor, v.HypervisorVersion, v.Chassis, v.MoveAddress, v.LoadSource, v.RunningServers, v.MemoryUsedMib, v.DiskUsedGib, v.CpuPercent, v.CreatedAt, v.SeenAt, row.PlanGeneration,
        v.PowerText, v.PowerWanted, v.PowerSeen, v.PowerWhy, v.PowerWantedAt, v.PowerSeenAt, v.PowerReached, v.PowerFault, v.Waking, v.OffByCloud, v.TakesServers,
    };
}
