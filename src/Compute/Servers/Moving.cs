using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Groups;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>Finds a host for a server that exists already, and claims it there.</summary>
internal sealed class Moving(IAllocations allocations, IVolumes volumes, IHosts hosts, GroupPlacement groups)
{
    public async Task<Demand> Demand(Query q, ServerRow row, FlavorRow? flavor = null)
    {
        flavor ??= await q.Db<ComputeDb>().Flavors.SingleOrDefaultAsync(f => f.Id == row.FlavorId);
        return new Demand
        {
            ConsumerId = row.Id, ProjectId = row.ProjectId, UserId = row.UserId,
            Resources = new Dictionary<string, long>
            {
                ["VCPU"] = flavor?.Vcpus ?? row.Vcpus, ["MEMORY_MB"] = flavor?.RamMib ?? row.RamMib,
                ["DISK_GB"] = (row.ImageId is null ? 0 : flavor?.DiskGib ?? row.DiskGib) + (flavor?.EphemeralGib ?? 0),
            },
        };
    }

    /// <summary>A guest that runs is carried over the wire to what is like its host.</summary>
    private static bool Takes(HostView here, HostView there) => there.MoveAddress.Length > 0 && there.Arch == here.Arch && there.Accelerator == here.Accelerator;

    /// <summary>The best other host. Volumes of a real host are files there, so their server stays; and what is simulated stays simulated.</summary>
    /// <exception cref="CloudError">Invalid: the host that was asked for is none. NoCapacity: nobody takes it.</exception>
    public async Task<HostVerdict> Elsewhere(Tx tx, ServerRow row, Demand demand, string? hostName, bool live = false)
    {
        var all = await hosts.All(tx);
        var here = all.FirstOrDefault(h => h.Id == row.HostId);
        if (hostName is not null && all.All(h => h.Name != hostName)) throw CloudError.Invalid($"Compute host {hostName} could not be found.");
        if (hostName is not null && hostName == here?.Name) throw CloudError.Invalid($"The target host {hostName} is the same as the server's current host.");
        if (here is { Simulated: false } && (await volumes.OfServers(tx, [row.Id]))[row.Id].Any())
            throw CloudError.Invalid($"Server {row.Id} has volumes, and those are files on the disks of its host: detach them first, or keep the server there.");
        var kin = all.Where(h => (here is null || h.Simulated == here.Simulated) && (!live || Takes(here!, h)) && (hostName is null || h.Name == hostName)).Select(h => h.Id).ToHashSet();
        return await allocations.Claim(tx, await groups.ForMove(tx, demand with
        {
            Moves = true, Only = kin, OnlyBecause = hostName is null || live ? $"is of another kind than the server's host{(live ? ", or takes no guest that runs" : "")}" : $"is not {hostName}, which was asked for",
            Not = row.HostId is null ? demand.Not : new HashSet<string> { row.HostId }, NotBecause = "is the host that it leaves",
        }, row.Id));
    }
}
