using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Xiangyun.Image.Public;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Volume.Limits;
using Xiangyun.Volume.Snapshots;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Backups;

/// <summary>Makes, finds, restores and removes backups.</summary>
internal sealed class BackupStore(IImages images, SnapshotStore snapshots, VolumeMaker maker)
{
    /// <summary>Who an image belongs to that is a backup's content: nobody, so that no project sees or counts it.</summary>
    private const string Nobody = "";

    public static IQueryable<BackupRow> Visible(Query q, Actor actor)
    {
        var rows = q.Db<VolumeDb>().Backups.AsQueryable();
        var project = actor.ProjectId ?? "";
        return actor.IsAdmin ? rows : rows.Where(b => b.ProjectId == project);
    }

    public static async Task<BackupRow> Get(Query q, Actor actor, string id)
    {
        var key = Id.Canonical(id) ?? id;
        return await Visible(q, actor).SingleOrDefaultAsync(b => b.Id == key) ?? throw CloudError.NotFound($"Backup {id} could not be found.");
    }

    /// <summary>The images of backups out of which volumes are being made.</summary>
    public static async Task<HashSet<string>> Restoring(Query q, IReadOnlyCollection<string> imageIds) =>
        (await q.Db<VolumeDb>().Volumes.Where(v => v.ImageId != null && imageIds.Contains(v.ImageId) && (!v.Present || v.SeenContent < v.Content) && !v.Gone && v.Fault == null).Select(v => v.ImageId!).ToListAsync()).ToHashSet();

    public async Task<BackupRow> Make(Tx tx, Actor actor, string volumeId, string? snapshotId, string? name, string? description, string? container, bool force, IReadOnlyDictionary<string, string> own)
    {
        var volume = await VolumeStore.Get(tx, actor, volumeId);
        var status = volume.Status(tx.Now);
        if (snapshotId is null && status != "available" && !(force && status == "in-use"))
            throw CloudError.Invalid($"Invalid volume: The volume to be backed up must be available{(status == "in-use" ? ", or force must be true" : "")}, but its status is {status}.");
        await BackupQuotas.Check(tx, volume.Row.ProjectId, volume.Row.SizeGib);
        var source = snapshotId is null
            ? await snapshots.Make(tx, actor, volume, $"for backup {name}", null, new Dictionary<string, string>(), force: true, hidden: true)
            : Usable(tx, await SnapshotStore.Get(tx, actor, snapshotId), volume.Row.Id);
        var id = Id.New();
        var row = new BackupRow
        {
            Id = id, ProjectId = volume.Row.ProjectId, UserId = actor.UserId, Name = name, Description = description, Container = container ?? "volumebackups", VolumeId = volume.Row.Id, SnapshotId = snapshotId,
            SizeGib = volume.Row.SizeGib, TypeId = volume.Row.TypeId, Bootable = volume.Row.Bootable, Metadata = JsonSerializer.Serialize(volume.Metadata), OwnMetadata = JsonSerializer.Serialize(own),
            ImageMetadata = JsonSerializer.Serialize(volume.ImageMetadata), SourceId = source.Id,
            ImageId = await images.CreateQueued(tx, $"backup {id} of volume {volume.Row.Id}", "qcow2", new Dictionary<string, string>(), Nobody), CreatedAt = tx.Now, UpdatedAt = tx.Now,
        };
        tx.Db<VolumeDb>().Add(row);
        tx.Wake(BackupReconciler.Work, id);
        tx.Audit("backup.create", "backup", id, row.ProjectId, new { name, volume = row.VolumeId });
        return row;
    }

    private static VolumeRow Usable(Tx tx, FullVolume snapshot, string volumeId) =>
        snapshot.Row.SnapshotOf != volumeId ? throw CloudError.Invalid($"Invalid snapshot: {snapshot.Row.Id} is not a snapshot of volume {volumeId}.")
        : snapshot.Status(tx.Now) != "available" ? throw CloudError.Invalid($"Invalid snapshot: The snapshot must be available, but its status is {snapshot.Status(tx.Now)}.")
        : snapshot.Row;

    /// <summary>A new volume with the content, the metadata and the bootable flag of then.</summary>
    public Task<VolumeRow> Restore(Tx tx, Actor actor, BackupRow row, string? name) => Restore(tx, actor, row, new NewVolume
    {
        ProjectId = actor.ProjectId ?? row.ProjectId, Name = name ?? $"restore_backup_{row.Id}",
    });

    /// <summary>What the wish says comes first; what it leaves open is as it was.</summary>
    public async Task<VolumeRow> Restore(Tx tx, Actor actor, BackupRow row, NewVolume wish)
    {
        MustBeWhole(row);
        if (wish.Size < row.SizeGib) throw CloudError.Invalid($"Volume size '{wish.Size}'GB cannot be smaller than the backup size {row.SizeGib}GB. They must be >= backup size.");
        if (wish.ImageId is not null || wish.SourceId is not null || wish.SnapshotId is not null) throw CloudError.Invalid("A volume is made of a backup or of something else, not of both.");
        return await maker.Make(tx, actor, wish with { Size = wish.Size ?? row.SizeGib, Backup = row, Metadata = wish.Metadata.Count > 0 ? wish.Metadata : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Metadata)! });
    }

    /// <summary>The content of then over what the volume holds now.</summary>
    public async Task<VolumeRow> RestoreInto(Tx tx, Actor actor, BackupRow row, string volumeId)
    {
        MustBeWhole(row);
        var volume = await VolumeStore.Get(tx, actor, volumeId);
        if (volume.Status(tx.Now) is var status and not "available") throw CloudError.Invalid($"Invalid volume: Volume to be restored to must be available, but its status is {status}.");
        if (volume.Row.SizeGib < row.SizeGib) throw CloudError.Invalid($"Invalid volume: volume size {volume.Row.SizeGib} GiB is too small to restore backup of size {row.SizeGib} GiB.");
        var image = await images.Find(tx, row.ImageId) ?? throw CloudError.Conflict($"The content of backup {row.Id} is gone.");
        await Refill.OfImage(tx, volume.Row, image, JsonSerializer.Deserialize<Dictionary<string, string>>(row.ImageMetadata)!, Operations.VolumeActionRow.Restore);
        return volume.Row;
    }

    private static void MustBeWhole(BackupRow row)
    {
        if (!row.Filled || row.Gone || row.ResetStatus is not null) throw CloudError.Invalid($"Invalid backup: Backup status must be available, but it is {row.Status(false)}.");
    }

    public static async Task Delete(Tx tx, BackupRow row, string verb, bool force)
    {
        var restoring = (await Restoring(tx, [row.ImageId])).Count > 0;
        if (!force && row.Status(restoring) is not ("available" or "error")) throw CloudError.Invalid($"Invalid backup: Backup status must be available or error, but it is {row.Status(restoring)}.");
        if (restoring) throw CloudError.Invalid($"Invalid backup: a volume is being made out of backup {row.Id}; wait until that is done.");
        await tx.Db<VolumeDb>().Backups.Where(b => b.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(b => b.Gone, true).SetProperty(b => b.UpdatedAt, tx.Now));
        tx.Wake(BackupReconciler.Work, row.Id);
        tx.Audit(verb, "backup", row.Id, row.ProjectId, new { row.Name, force });
    }
}
