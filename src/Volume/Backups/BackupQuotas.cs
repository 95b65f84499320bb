using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Quotas;
using Xiangyun.Volume.Limits;

namespace Xiangyun.Volume.Backups;

/// <summary>How many backups a project has, and how large their volumes were.</summary>
internal static class BackupQuotas
{
    public static async Task<(int Backups, long Gigabytes)> Used(Query q, string project)
    {
        var rows = q.Db<VolumeDb>().Backups.Where(b => b.ProjectId == project);
        return (await rows.CountAsync(), await rows.SumAsync(b => (long)b.SizeGib));
    }

    public static async Task Check(Tx tx, string project, int size)
    {
        await tx.Lock("quota:" + project);
        var used = await Used(tx, project);
        await Quotas.Check(tx, project, "volume.backups", used.Backups, 1, VolumeQuotas.Defaults["backups"]);
        await Quotas.Check(tx, project, "volume.backup_gigabytes", used.Gigabytes, size, VolumeQuotas.Defaults["backup_gigabytes"]);
    }
}
