using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Public;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Live migration and evacuation. Disks are files of one host: they are copied with the memory when a server moves while it runs (<see cref="LiveMoves"/>),
/// and a server whose host is lost comes back from its image. Simulated hosts behave as if they shared their storage.
/// </summary>
internal sealed class MoveActions(IAllocations allocations, IPorts ports, IVolumes volumes, IHosts hosts, Moving moving, LiveMoves live)
{
    public async Task Live(Tx tx, Call call, Fields how)
    {
        var host = how.TextOr("host", 1);
        if (!call.AtLeast(25)) how.FlagOr("disk_over_commit");
        var block = how.Raw("block_migration") is { ValueKind: System.Text.Json.JsonValueKind.String } word && word.GetString() == "auto" || how.FlagOr("block_migration") is not false;
        if (call.AtLeast(30) && !call.AtLeast(68)) how.FlagOr("force");
        how.Done();
        var row = await ServerStore.ForChange(tx, call["id"]);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "PAUSED"], "os-migrateLive");
        if (host is not null && (await hosts.All(tx)).All(h => h.Name != host)) throw CloudError.Invalid($"Compute host {host} could not be found.");
        var here = await hosts.Find(tx, row.HostId!);
        if (here is { Simulated: false } && !block) throw CloudError.Invalid($"{here.Name} is not on shared storage: Live migration can not be used without shared storage except with block_migration: the disk of server {row.Id} is a file on that host.");
        if (here is { Simulated: false, MoveAddress: "" }) throw CloudError.Invalid($"Host {here.Name} cannot let go of a guest that runs: its agent has no address for other hosts (--address). Use migrate, which stops the server meanwhile.");
        if (here is { MoveAddress.Length: > 0 })
        {
            await live.Begin(tx, row, host);
            return;
        }
        await Move(tx, row, host, MigrationRow.Live, "live-migration", "server.live_migrate", Changes.LiveMigrate);
    }

    public async Task Evacuate(Tx tx, Call call, Fields how)
    {
        var host = how.TextOr("host", 1);
        how.TextOr("adminPass");
        if (!call.AtLeast(14)) how.FlagOr("onSharedStorage");
        if (call.AtLeast(29) && !call.AtLeast(68)) how.FlagOr("force");
        how.Done();
        var row = await ServerStore.ForChange(tx, call["id"]);
        if (row.HostId is null || row.LaunchedAt is null || row.Want == Power.Gone || row.ResizeFrom is not null) throw CloudError.Conflict($"Cannot 'evacuate' instance {row.Id} while it is in vm_state {ServerStatus.Of(row).VmState}");
        var here = await hosts.Find(tx, row.HostId);
        if (here is { Alive: true }) throw CloudError.Invalid($"Compute service of {here.Name} is still in use.");
        if (row.ImageId is null && here is { Simulated: false }) throw CloudError.Invalid($"Server {row.Id} boots from a volume that is a file on the lost host {here.Name}.");
        if (here is { Simulated: false } && (await volumes.OfServers(tx, [row.Id]))[row.Id].Any()) throw CloudError.Invalid($"Server {row.Id} has volumes that are files on the lost host {here.Name}: detach them first.");
        await Move(tx, row, host, MigrationRow.Evacuation, "evacuate", "server.evacuate", Changes.Evacuate);
    }

    private async Task Move(Tx tx, ServerRow row, string? host, string kind, string action, string verb, string why)
    {
        await allocations.Release(tx, row.Id);
        var target = (await moving.Elsewhere(tx, row, await moving.Demand(tx, row), host)).HostId;
        var anew = why == Changes.Evacuate;
        await ServerStore.Want(tx, row, action, verb, (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.HostId, target).SetProperty(x => x.Seen, Power.Unseen).SetProperty(x => x.SeenFault, (string?)null).SetProperty(x => x.Fault, (string?)null)
            .SetProperty(x => x.DiskImageId, anew ? null : row.DiskImageId).SetProperty(x => x.DiskImageSha512, anew ? "" : row.DiskImageSha512)
            .SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { from = row.HostId, to = target }, why);
        await Migrations.Add(tx, row, Id.New(), kind, target, row.FlavorId);
        await Places.Depart(tx, row, target, Power.Gone);
        await ports.Bind(tx, row.Id, target);
    }
}
