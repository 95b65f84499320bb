using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Shelve: stopped, and its disk copied into an image; offloaded: no host holds anything of it any more; unshelve brings
/// it back, on its host or on any other. A server that boots from a volume has its disk safe already and is offloaded at once.
/// </summary>
internal sealed class ShelveActions(IAllocations allocations, IImages images, IPorts ports, IVolumes volumes, Moving moving, IHosts hosts)
{
    public async Task Shelve(Tx tx, string id)
    {
        var row = await ServerStore.ForChange(tx, id);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"], "shelve");
        var shelf = row.ImageId is null ? null : await images.CreateQueued(tx, row.Name + "-shelved", "qcow2",
            new Dictionary<string, string> { ["image_type"] = "snapshot", ["instance_uuid"] = row.Id, ["base_image_ref"] = row.ImageId, ["min_disk"] = row.DiskGib.ToString() }, row.ProjectId);
        if (shelf is not null) tx.Db<ComputeDb>().Add(new SnapshotRow { ImageId = shelf, ServerId = row.Id, StartedAt = tx.Now });
        await tx.Save();
        await ServerStore.Want(tx, row, "shelve", "server.shelve", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.Want, Power.Stopped).SetProperty(x => x.Shelved, true).SetProperty(x => x.ShelvedAt, tx.Now)
            .SetProperty(x => x.ShelfImageId, shelf).SetProperty(x => x.ShelfFull, shelf == null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { image = shelf });
        if (shelf is not null) tx.Wake(SnapshotReconciler.WorkKind, shelf);
    }

    public async Task Offload(Tx tx, string id)
    {
        var row = await ServerStore.ForChange(tx, id);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["SHELVED"], "shelveOffload");
        await Offload(tx, row);
    }

    public async Task Offload(Tx tx, ServerRow row)
    {
        var changed = await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id && s.Generation == row.Generation && s.Shelved && s.HostId != null).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, row.Generation + 1).SetProperty(x => x.HostId, (string?)null).SetProperty(x => x.SeenGeneration, row.Generation + 1).SetProperty(x => x.UpdatedAt, tx.Now));
        if (changed == 0) return;
        ServerActionRow.Add(tx, row.Id, row.ProjectId, "shelveOffload");
        tx.Audit("server.shelve_offload", "server", row.Id, row.ProjectId, new { from = row.HostId });
        await Places.Leave(tx, row, row.HostId!, Power.Gone);
        await allocations.Release(tx, row.Id);
        await ports.Bind(tx, row.Id, null);
        await volumes.Park(tx, row.Id);
    }

    public async Task Unshelve(Tx tx, Call call, Fields? how)
    {
        var zone = call.AtLeast(77) ? how?.TextOr("availability_zone", 1) : null;
        var host = call.AtLeast(91) ? how?.TextOr("host", 1) : null;
        how?.Done();
        if (host is not null && !tx.Actor.IsAdmin) throw CloudError.Forbidden("Policy doesn't allow os_compute_api:os-shelve:unshelve_to_host to be performed.");
        var row = await ServerStore.ForChange(tx, call["id"]);
        var status = ServerStatus.Of(row).Status;
        if (status is not ("SHELVED" or "SHELVED_OFFLOADED")) throw CloudError.Conflict($"Cannot 'unshelve' instance {row.Id} while it is in vm_state {ServerStatus.Of(row).VmState}");
        if (zone is not null && status == "SHELVED") throw CloudError.Conflict("The availability_zone can only be specified when unshelving an instance that is shelved_offloaded.");
        if (zone is not null && (await hosts.All(tx)).All(h => h.Zone != zone)) throw CloudError.Invalid("The requested availability zone is not available");
        if (row.HostId is null) await BringBack(tx, row, zone, host);
        else await Resume(tx, row);
    }

    private async Task Resume(Tx tx, ServerRow row)
    {
        await ServerStore.Want(tx, row, "unshelve", "server.unshelve", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.Want, Power.Running).SetProperty(x => x.Shelved, false).SetProperty(x => x.ShelvedAt, (long?)null)
            .SetProperty(x => x.ShelfImageId, (string?)null).SetProperty(x => x.ShelfFull, false).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), null, Changes.Unshelve);
        if (row.ShelfImageId is { } shelf) await images.Delete(tx, shelf);
    }

    private async Task BringBack(Tx tx, ServerRow row, string? zone, string? host)
    {
        var sum = "";
        if (row.ShelfImageId is { } shelf)
            sum = (await images.Find(tx, shelf) is { Status: "active" } image ? image : throw CloudError.Conflict($"The image {shelf} that keeps the disk of server {row.Id} is not there any more.")).Sha512;
        var target = (await moving.Elsewhere(tx, row, (await moving.Demand(tx, row)) with { Zone = zone ?? (row.Zone == "nova" ? null : row.Zone) }, host)).HostId;
        await ServerStore.Want(tx, row, "unshelve", "server.unshelve", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.Want, Power.Running).SetProperty(x => x.Shelved, false).SetProperty(x => x.ShelvedAt, (long?)null).SetProperty(x => x.ShelfFull, false)
            .SetProperty(x => x.HostId, target).SetProperty(x => x.Seen, Power.Unseen).SetProperty(x => x.DiskImageId, row.ShelfImageId).SetProperty(x => x.DiskImageSha512, sum)
            .SetProperty(x => x.Zone, zone ?? row.Zone).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { to = target, zone }, Changes.Unshelve);
        await Places.Drop(tx, row.Id, target);
        await ports.Bind(tx, row.Id, target);
        tx.Wake(FleetWork.Host, target);
    }
}
