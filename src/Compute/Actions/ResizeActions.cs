using Microsoft.EntityFrameworkCore;
using Xiangyun.Compute.Flavors;
using Xiangyun.Compute.Quotas;
using Xiangyun.Compute.Servers;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Network.Public;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Wire;

namespace Xiangyun.Compute.Actions;

/// <summary>
/// Resize and cold migration: the new size and host are wanted at once, what was before is kept (disk and allocation) until
/// the owner confirms or goes back. The disk grows only when confirmed, so that going back loses nothing.
/// </summary>
internal sealed class ResizeActions(IAllocations allocations, IPorts ports, Moving moving)
{
    public async Task Resize(Tx tx, string id, Fields how)
    {
        var reference = how.Raw("flavorRef") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetRawText() : how.Text("flavorRef", 1);
        var disk = how.OneOf("OS-DCF:diskConfig", "AUTO", "MANUAL");
        how.Done();
        var row = await ServerStore.ForChange(tx, id);
        var flavorId = reference[(reference.LastIndexOf('/') + 1)..];
        var flavor = await FlavorStore.Visible(tx, tx.Actor, all: true).SingleOrDefaultAsync(f => f.Id == flavorId) ?? throw CloudError.Invalid($"Flavor {flavorId} could not be found.");
        PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "SHUTOFF"], "resize");
        if (flavor.Id == row.FlavorId) throw CloudError.Invalid("When resizing, instances must change flavor!");
        if (row.ImageId is not null && flavor.DiskGib < row.DiskGib) throw CloudError.Invalid($"Resize to a smaller disk is not possible: the server has {row.DiskGib} GiB, flavor {flavor.Id} has {flavor.DiskGib} GiB.");
        await ComputeQuota.CheckServers(tx, row.ProjectId, 0, Math.Max(0, flavor.Vcpus - row.Vcpus), Math.Max(0, flavor.RamMib - row.RamMib));
        await Change(tx, row, flavor, null, stay: true, MigrationRow.Resize, "resize");
        if (disk is not null) await tx.Db<ComputeDb>().Servers.Where(s => s.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.DiskConfig, disk));
    }

    public async Task Migrate(Tx tx, string id, string? host)
    {
        var row = await ServerStore.ForChange(tx, id);
        PowerActions.MustBe(row, ServerStatus.Of(row), ["ACTIVE", "SHUTOFF"], "migrate");
        await Change(tx, row, null, host, stay: false, MigrationRow.Cold, "migrate");
    }

    private async Task Change(Tx tx, ServerRow row, FlavorRow? flavor, string? host, bool stay, string kind, string action)
    {
        var before = Before.Now(row, Id.New());
        var demand = await moving.Demand(tx, row, flavor);
        await allocations.Transfer(tx, row.Id, before.MigrationId);
        var here = stay ? (await allocations.TryClaim(tx, demand with { Only = new HashSet<string> { row.HostId! }, OnlyBecause = "is another host" })).FirstOrDefault() : null;
        var target = here is { Fits: true } ? here.HostId : (await moving.Elsewhere(tx, row, demand, host)).HostId;
        var moves = target != row.HostId;
        await ServerStore.Want(tx, row, action, "server." + action, (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.ResizeFrom, before.Text()).SetProperty(x => x.HostId, target)
            .SetProperty(x => x.FlavorId, x => flavor == null ? x.FlavorId : flavor.Id).SetProperty(x => x.Vcpus, flavor == null ? row.Vcpus : flavor.Vcpus)
            .SetProperty(x => x.RamMib, flavor == null ? row.RamMib : flavor.RamMib).SetProperty(x => x.DiskGib, flavor == null ? row.DiskGib : flavor.DiskGib)
            .SetProperty(x => x.RebootCount, row.RebootCount + (moves ? 0 : 1)).SetProperty(x => x.RebootHard, false)
            .SetProperty(x => x.DiskImageId, moves && row.ImageId != null ? before.MigrationId : row.DiskImageId).SetProperty(x => x.DiskImageSha512, moves ? "" : row.DiskImageSha512)
            .SetProperty(x => x.Seen, moves ? Power.Unseen : row.Seen).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)),
            new { flavor = flavor?.Id, from = row.HostId, to = target }, Changes.Resize);
        await Migrations.Add(tx, row, before.MigrationId, kind, target, flavor?.Id ?? row.FlavorId);
        if (!moves) return;
        await Places.Depart(tx, row, target, Power.Stopped);
        await ports.Bind(tx, row.Id, target);
    }

    public async Task Confirm(Tx tx, string id)
    {
        var row = await ServerStore.ForChange(tx, id);
        var before = Resized(row, "confirmResize");
        await ServerStore.Want(tx, row, "confirmResize", "server.confirm_resize", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.ResizeFrom, (string?)null).SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)));
        await allocations.Release(tx, before.MigrationId);
        await Places.Clear(tx, row.Id);
        await Migrations.Set(tx, before.MigrationId, MigrationRow.Confirmed);
    }

    public async Task Revert(Tx tx, string id)
    {
        var row = await ServerStore.ForChange(tx, id);
        var before = Resized(row, "revertResize");
        var moved = before.HostId != row.HostId;
        await allocations.Release(tx, row.Id);
        await allocations.Transfer(tx, before.MigrationId, row.Id);
        await ServerStore.Want(tx, row, "revertResize", "server.revert_resize", (rows, generation) => rows.ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Generation, generation).SetProperty(x => x.ResizeFrom, (string?)null).SetProperty(x => x.HostId, before.HostId)
            .SetProperty(x => x.FlavorId, before.FlavorId).SetProperty(x => x.Vcpus, before.Vcpus).SetProperty(x => x.RamMib, before.RamMib).SetProperty(x => x.DiskGib, before.DiskGib)
            .SetProperty(x => x.DiskImageId, before.DiskImageId).SetProperty(x => x.DiskImageSha512, before.DiskImageSha512)
            .SetProperty(x => x.RebootCount, row.RebootCount + (moved ? 0 : 1)).SetProperty(x => x.RebootHard, false).SetProperty(x => x.Seen, moved ? Power.Unseen : row.Seen)
            .SetProperty(x => x.WantedAt, tx.Now).SetProperty(x => x.UpdatedAt, tx.Now)), new { flavor = before.FlavorId, to = before.HostId }, Changes.Revert);
        await Migrations.Set(tx, before.MigrationId, MigrationRow.Reverted);
        if (!moved) return;
        await Places.Depart(tx, row, before.HostId, Power.Gone);
        await ports.Bind(tx, row.Id, before.HostId);
    }

    private static Before Resized(ServerRow row, string action)
    {
        PowerActions.MustBe(row, ServerStatus.Of(row), ["VERIFY_RESIZE"], action);
        return Before.Of(row)!;
    }
}
