using Microsoft.EntityFrameworkCore;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;

namespace Xiangyun.Volume.Limits;

/// <summary>What a project may have, and what it has.</summary>
internal static class VolumeQuotas
{
    /// <summary>Cinder's names and defaults; -1 = no limit.</summary>
    public static readonly IReadOnlyDictionary<string, long> Defaults = new Dictionary<string, long>
    {
        ["volumes"] = 10, ["gigabytes"] = 1000, ["snapshots"] = 10, ["backups"] = 10, ["backup_gigabytes"] = 1000, ["per_volume_gigabytes"] = -1, ["groups"] = 10,
    };

    public static async Task<IReadOnlyDictionary<string, long>> Of(Query q, string project)
    {
        var set = await Quotas.Of(q, project, "volume");
        return Defaults.ToDictionary(d => d.Key, d => set.GetValueOrDefault(d.Key, d.Value));
    }

    public static async Task<(int Volumes, long Gigabytes, int Snapshots, int Backups, long BackupGigabytes)> Used(Query q, string project)
    {
        var rows = q.Db<VolumeDb>().Volumes.Where(v => v.ProjectId == project);
        var backups = await Backups.BackupQuotas.Used(q, project);
        return (await rows.CountAsync(v => v.SnapshotOf == null), await rows.SumAsync(v => (long)v.SizeGib), await rows.CountAsync(v => v.SnapshotOf != null), backups.Backups, backups.Gigabytes);
    }

    /// <summary>What of a resource is in use; what this cloud does not offer yet is never in use.</summary>
    public static long InUse(string resource, (int Volumes, long Gigabytes, int Snapshots, int Backups, long BackupGigabytes) used) =>
        resource switch { "volumes" => used.Volumes, "gigabytes" => used.Gigabytes, "snapshots" => used.Snapshots, "backups" => used.Backups, "backup_gigabytes" => used.BackupGigabytes, _ => 0 };

    public static async Task CheckNew(Tx tx, string project, int size)
    {
        await Quotas.MustHaveRoom(tx, project, ("volume.volumes", 1), ("volume.gigabytes", size));
        await CheckSize(tx, project, size);
        var used = await Used(tx, project);
        await Quotas.Check(tx, project, "volume.volumes", used.Volumes, 1, Defaults["volumes"]);
        await Quotas.Check(tx, project, "volume.gigabytes", used.Gigabytes, size, Defaults["gigabytes"]);
    }

    public static async Task CheckSnapshot(Tx tx, string project, int size)
    {
        await Quotas.MustHaveRoom(tx, project, ("volume.gigabytes", size));
        await tx.Lock("quota:" + project);
        var used = await Used(tx, project);
        await Quotas.Check(tx, project, "volume.snapshots", used.Snapshots, 1, Defaults["snapshots"]);
        await Quotas.Check(tx, project, "volume.gigabytes", used.Gigabytes, size, Defaults["gigabytes"]);
    }

    public static async Task CheckGrow(Tx tx, string project, int from, int to)
    {
        await Quotas.MustHaveRoom(tx, project, ("volume.gigabytes", to - from));
        await CheckSize(tx, project, to);
        await Quotas.Check(tx, project, "volume.gigabytes", (await Used(tx, project)).Gigabytes, to - from, Defaults["gigabytes"]);
    }

    private static async Task CheckSize(Tx tx, string project, int size)
    {
        await tx.Lock("quota:" + project);
        var most = await Quotas.Limit(tx, project, "volume.per_volume_gigabytes", Defaults["per_volume_gigabytes"]);
        if (most >= 0 && size > most) throw CloudError.OverLimit($"Quota exceeded: a volume may have at most {most} GiB here, {size} GiB were asked for.");
    }
}
