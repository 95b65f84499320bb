using Xiangyun.Agent.Hosts;
using Xiangyun.Protocol;

namespace Xiangyun.Agent.Rpc;

/// <summary>What a host is, asked of its engines.</summary>
internal static class Facts
{
    private static readonly string Version = typeof(Facts).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static async Task<HostFacts> Of(AgentHost host, CancellationToken ct)
    {
        var at = host.At;
        var engine = await at.Guests.Facts(ct);
        var disk = await at.Disks.Use(ct);
        return new HostFacts
        {
            HostId = host.Id,
            Hostname = host.Name,
            AgentVersion = Version,
            Simulated = at.Simulated,
            Accelerator = engine.Accelerator,
            Arch = engine.Arch,
            Vcpus = engine.Vcpus,
            MemoryMib = engine.MemoryMib,
            DiskGib = disk.TotalBytes >> 30,
            Hypervisor = engine.Hypervisor,
            HypervisorVersion = engine.Version,
            Chassis = await at.Chassis(ct),
            LedgerGeneration = at.Plan.Generation,
            CpuModel = engine.CpuModel,
            Address = at.Address,
            Load = at.Load?.Source ?? "",
        };
    }
}
