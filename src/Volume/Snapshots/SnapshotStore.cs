using Microsoft.EntityFrameworkCore;
using Xiangyun.Fleet.Public;
using Xiangyun.Kernel;
using Xiangyun.Placement.Public;
using Xiangyun.Store;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Operations;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Snapshots;

/// <summary>
/// A snapshot is kept as a volume of its own on the host of its volume: a whole copy, taken at one point in time even
/// while a guest writes. It needs no chain of files, so nothing that happens to the volume can harm it.
/// </summary>
internal sealed class SnapshotStore(IAllocations allocations)
{
    public static IQueryable<VolumeRow> Visible(VolumeDb db, Actor actor)
    {
        var rows = db.Volumes.Where(v => v.SnapshotOf != null && v.ProjectId != "");
        var project = actor.ProjectId ?? "";
        return actor.IsAdmin ? rows : rows.Where(v => v.ProjectId == project);
    }

    public static async Task<FullVolume?> Find(Query q, Actor actor, string id)
    {
        var key = Id.Canonical(id) ?? id;
        var row = await Visible(q.Db<VolumeDb>(), actor).SingleOrDefaultAsync(v => v.Id == key);
        return row is null ? null : (await VolumeStore.Full(q, [row]))[0];
    }

    public static async Task<FullVolume> Get(Query q, Actor actor, string id) => await Find(q, actor, id) ?? throw CloudError.NotFound($"Snapshot {id} could not be found.");

    /// <param name="hidden">The cloud's own: it belongs to no project and counts for none.</param>
    public async Task<VolumeRow> Make(Tx tx, Actor actor, FullVolume volume, string? name, string? description, IReadOnlyDictionary<string, string> metadata, bool force, bool hidden = false, string? groupSnapshotId = null)
    {
        var (of, status) = (volume.Row, volume.Status(tx.Now));
        if (status != "available" && !(force && status == "in-use"))
            throw CloudError.Invalid($"Invalid volume: Volume {of.Id} status must be available{(status == "in-use" ? " (or force must be true)" : "")} to be copied into a snapshot, but the current status is {status}.");
        if (!hidden) await VolumeQuotas.CheckSnapshot(tx, of.ProjectId, of.SizeGib);
        var id = Id.New();
        await allocations.Claim(tx, new Demand
        {
            ConsumerId = id, ProjectId = of.ProjectId, UserId = actor.UserId, Resources = new Dictionary<string, long> { ["DISK_GB"] = of.SizeGib },
            Only = new HashSet<string> { of.HostId }, OnlyBecause = "does not hold the volume",
        });
        var row = new VolumeRow
        {
            Id = id, ProjectId = hidden ? "" : of.ProjectId, UserId = actor.UserId, Name = name, Description = description, SizeGib = of.SizeGib, TypeId = of.TypeId, Zone = of.Zone, Bootable = of.Bootable,
            SourceVolumeId = of.Id, SnapshotOf = of.Id, GroupSnapshotId = groupSnapshotId, HostId = of.HostId, Generation = 1, CreatedAt = tx.Now, UpdatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        VolumeStore.AddPairs(tx, id, MetadataRow.User, metadata);
        VolumeStore.AddPairs(tx, id, MetadataRow.Image, volume.ImageMetadata);
        await VolumeActionRow.Begin(tx, row, VolumeActionRow.Snapshot);
        await tx.Save();
        tx.Wake(FleetWork.Host, of.HostId);
        if (!hidden) tx.Audit("snapshot.create", "snapshot", id, of.ProjectId, new { name, volume = of.Id });
        return row;
    }

    public static async Task Delete(Tx tx, FullVolume snapshot, string verb, bool force)
    {
        var status = snapshot.Status(tx.Now);
        if (!force && status is not ("available" or "error" or "error_deleting" or "creating" or "deleting"))
            throw CloudError.Invalid($"Invalid snapshot: Snapshot {snapshot.Row.Id} status must be available or error to be deleted, but it is {status}.");
        if (await VolumeDeletion.Copying(tx, snapshot.Row.Id) is { } copy) throw CloudError.Invalid($"Invalid snapshot: Snapshot {snapshot.Row.Id} is being copied into volume {copy}; wait until that is done.");
        await VolumeStore.Doom(tx, snapshot.Row);
        tx.Audit(verb, "snapshot", snapshot.Row.Id, snapshot.Row.ProjectId, new { snapshot.Row.Name, force });
    }
}
