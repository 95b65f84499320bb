using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Power;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Protocol;
using Xiangyun.Store;

namespace Xiangyun.Fleet.Hosts;

internal sealed class HostStore(TimeProvider clock) : IHosts
{
    /// <summary>Without news for longer a host counts as not answering.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<HostView>> All(Query q) => [.. (await q.Db<FleetDb>().Hosts.OrderBy(h => h.Name).ToListAsync()).Select(View)];

    public async Task<HostView?> Find(Query q, string hostId) => await q.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == hostId) is { } row ? View(row) : null;

    public async Task Change(Tx tx, string hostId, string? zone = null, bool? enabled = null, string? reason = null)
    {
        var before = await tx.Db<FleetDb>().Hosts.SingleOrDefaultAsync(h => h.Id == hostId) ?? throw CloudError.NotFound($"There is no host {hostId}.");
        var on = enabled ?? before.Enabled;
        await tx.Db<FleetDb>().Hosts.Where(h => h.Id == hostId).ExecuteUpdateAsync(s => s.SetProperty(h => h.Enabled, on)
            .SetProperty(h => h.DisabledReason, on ? null : reason ?? before.DisabledReason).SetProperty(h => h.Zone, zone ?? before.Zone));
        tx.Changed(FleetWork.HostChanged, hostId);
    }

    public HostView View(HostRow r) => new()
    {
        Id = r.Id, Name = r.Name, Simulated = r.Simulated, Alive = Alive(r), Enabled = r.Enabled, DisabledReason = r.DisabledReason,
        Accelerator = r.Accelerator, Arch = r.Arch, Vcpus = r.Vcpus, MemoryMib = r.MemoryMib, DiskGib = r.DiskGib, Hypervisor = r.Hypervisor,
        HypervisorVersion = r.HypervisorVersion, Chassis = r.Chassis, MoveAddress = r.MoveAddress, LoadSource = r.LoadSource, Zone = r.Zone, RunningServers = r.RunningServers, MemoryUsedMib = r.MemoryUsedMib,
        DiskUsedGib = r.DiskUsedGib, CpuPercent = r.CpuPercent, CreatedAt = r.CreatedAt, SeenAt = r.SeenAt,
        PowerWanted = r.PowerWanted, PowerSeen = r.PowerSeen, PowerWhy = r.PowerWhy, PowerWantedAt = r.PowerWantedAt, PowerSeenAt = r.PowerSeenAt, PowerFault = r.PowerFault, PowerReached = r.PowerDone >= r.PowerGeneration,
        Waking = r.PowerWanted == PowerState.On && r.PowerWantedAt > 0 && r.PowerWantedAt > r.SeenAt && clock.Ms() - r.PowerWantedAt < PowerRules.BootLimit.TotalMilliseconds,
    };

    /// <summary>What an agent said shortly before its host was switched off does not count once that is off, nor when it is wanted on again.</summary>
    private bool Alive(HostRow r) => r.PowerSeen != PowerState.Off && r.SeenAt > clock.Ms() - (long)Silence.TotalMilliseconds && (r.PowerWanted == PowerState.Off || r.SeenAt >= r.PowerWantedAt);

    /// <summary>Stores what the agent said of itself; the host counts as seen now.</summary>
    public static async Task Describe(Tx tx, string hostId, HostFacts f)
    {
        await tx.Db<FleetDb>().Hosts.Where(h => h.Id == hostId).ExecuteUpdateAsync(s => s
            .SetProperty(h => h.AgentId, f.HostId).SetProperty(h => h.Simulated, f.Simulated).SetProperty(h => h.Accelerator, f.Accelerator).SetProperty(h => h.Arch, f.Arch)
            .SetProperty(h => h.Vcpus, f.Vcpus).SetProperty(h => h.MemoryMib, f.MemoryMib).SetProperty(h => h.DiskGib, f.DiskGib).SetProperty(h => h.Hypervisor, f.Hypervisor)
            .SetProperty(h => h.HypervisorVersion, f.HypervisorVersion).SetProperty(h => h.Chassis, f.Chassis).SetProperty(h => h.MoveAddress, f.Address).SetProperty(h => h.LoadSource, f.Load).SetProperty(h => h.SeenAt, tx.Now));
        // Who answers has power.
        if (await tx.Db<FleetDb>().Hosts.Where(h => h.Id == hostId && h.PowerSeen != PowerState.On).ExecuteUpdateAsync(s => s.SetProperty(h => h.PowerSeen, PowerState.On).SetProperty(h => h.PowerSeenAt, tx.Now)) > 0)
            tx.Wake(PowerReconciler.WorkKind, hostId);
        tx.Changed(FleetWork.HostChanged, hostId);
        tx.Wake(FleetWork.Host, hostId);
    }
}
