using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Volume.Groups;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Operations;
using Xiangyun.Volume.Public;
using Xiangyun.Volume.Types;

namespace Xiangyun.Volume.Actions;

/// <summary>Growing, and the change of type (only to the type that the volume has: all types live on the same files).</summary>
internal sealed class SizeActions(IAllocations allocations, IEnumerable<IVolumeHolders> holders) : IVolumeActions
{
    public IEnumerable<VolumeAction> All => [new("os-extend", Extend), new("os-retype", Retype)];

    private async Task<JsonObject?> Extend(Doing doing)
    {
        var row = doing.Row;
        var size = (int)doing.Needed.Number("new_size", 1, 65536);
        if (doing.Call.AtLeast(42)) doing.Must("extend", "available", "in-use", "error_extending");
        else doing.Must("extend (in use only from microversion 3.42 on)", "available", "error_extending");
        if (size <= row.SizeGib) throw CloudError.Invalid($"Invalid input received: New size for extend must be greater than current size. (current: {row.SizeGib}, extended: {size}).");
        await VolumeQuotas.CheckGrow(doing.Tx, row.ProjectId, row.SizeGib, size);
        await allocations.Release(doing.Tx, row.Id);
        await allocations.Claim(doing.Tx, new Demand
        {
            ConsumerId = row.Id, ProjectId = row.ProjectId, UserId = row.UserId, Resources = new Dictionary<string, long> { ["DISK_GB"] = size },
            Only = new HashSet<string> { row.HostId }, OnlyBecause = "does not hold the volume",
        });
        await doing.Db.Volumes.Where(v => v.Id == row.Id).ExecuteUpdateAsync(s => s
            .SetProperty(v => v.SizeGib, size).SetProperty(v => v.Generation, v => v.Generation + 1).SetProperty(v => v.UpdatedAt, doing.Tx.Now));
        await VolumeActionRow.Begin(doing.Tx, row, VolumeActionRow.Extend);
        foreach (var holder in holders)
            foreach (var attachment in doing.Volume.Attachments.Where(a => !a.ByHand)) await holder.Growing(doing.Tx, attachment.ServerId, row.ProjectId);
        doing.Tx.Wake(FleetWork.Host, row.HostId);
        doing.Tx.Changed(IVolumes.VolumeChanged, row.Id);
        return null;
    }

    private static async Task<JsonObject?> Retype(Doing doing)
    {
        var wanted = doing.Needed.Text("new_type", 1);
        doing.Needed.OneOf("migration_policy", "never", "on-demand");
        doing.Must("retype", "available", "in-use");
        var type = await TypeStore.Usable(doing.Tx, doing.Call.Actor, wanted);
        if ((await TypeStore.Demands(doing.Tx, type.Id)).Multiattach && !doing.Row.Multiattach)
            throw CloudError.Invalid($"Volume {doing.Row.Id} cannot change to type {type.Name}: a volume that several servers may have is kept in another form. Make a new volume of it with that type.");
        if (doing.Row.GroupId is { } group) await GroupStore.MustFit(doing.Tx, await GroupStore.Get(doing.Tx, doing.Call.Actor, group), doing.Row.ProjectId, type.Id);
        await doing.Db.Volumes.Where(v => v.Id == doing.Row.Id).ExecuteUpdateAsync(s => s.SetProperty(v => v.TypeId, type.Id).SetProperty(v => v.UpdatedAt, doing.Tx.Now));
        return null;
    }
}
