using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Actions;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;

namespace Xiangyun.Compute.Servers;

/// <summary>
/// Deletion: the plan wants the server gone until its host reports that nothing is left; then allocation, ports and
/// volumes are let go. When the host does not answer the owner does not wait: the plan keeps telling the host to clean up
/// when it is back.
/// </summary>
internal sealed class ServerRemoval(IAllocations allocations, IPorts ports, IVolumes volumes, IHosts hosts, IImages images)
{
    public async Task Want(Tx tx, ServerRow row, string verb)
    {
        if (row.Want != Power.Gone)
            await ServerStore.Want(tx, row, "delete", verb, (rows, generation) => rows.ExecuteUpdateAsync(s => s.SetProperty(x => x.Want, Power.Gone).SetProperty(x => x.Generation, generation)
                .SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)));
        else tx.Audit(verb, "server", row.Id, row.ProjectId);
        var alive = row.HostId is { } host && await hosts.Find(tx, host) is { Alive: true };
        if (!alive) await Finish(tx, row.Id);
    }

    public async Task Finish(Tx tx, string serverId)
    {
        if (await tx.Db<ComputeDb>().Servers.Where(s => s.Id == serverId && s.DeletedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.DeletedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)) == 0) return;
        await tx.Save();
        await ServerActionRow.Finish(tx, serverId);
        var row = await tx.Db<ComputeDb>().Servers.SingleAsync(s => s.Id == serverId);
        if (Before.Of(row) is { } before) await allocations.Release(tx, before.MigrationId);
        if (row.Shelved && row.ShelfImageId is { } shelf) await images.Delete(tx, shelf);
        await Places.Clear(tx, serverId);
        await tx.Db<ComputeDb>().DeviceTags.Where(t => t.ServerId == serverId).ExecuteDeleteAsync();
        await volumes.ServerGone(tx, serverId);
        await ports.Release(tx, serverId);
        await allocations.Release(tx, serverId);
    }
}
