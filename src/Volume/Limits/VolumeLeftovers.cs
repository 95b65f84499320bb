using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Idle;
using Xiangyun.Volume.Volumes;

namespace Xiangyun.Volume.Limits;

/// <summary>Volumes that no server has or is to get, since they were changed last, and snapshots since they were made.</summary>
internal sealed class VolumeLeftovers : ILeftovers
{
    private static IQueryable<VolumeRow> Rows(Query q) => q.Db<VolumeDb>().Volumes.Where(v => !v.Gone && v.RecycledAt == null && v.Present && v.Fault == null && v.GroupSnapshotId == null);

    public async Task<IReadOnlyList<string>> Projects(Query q) => await Rows(q).Select(v => v.ProjectId).Distinct().ToListAsync();

    public async Task<IReadOnlyList<Leftover>> Of(Query q, string projectId)
    {
        var attached = q.Db<VolumeDb>().Attachments.Select(a => a.VolumeId);
        var rows = await Rows(q).Where(v => v.ProjectId == projectId && (v.SnapshotOf != null || v.Held == null && !attached.Contains(v.Id))).OrderBy(v => v.Id).ToListAsync();
        return rows.ConvertAll(v => new Leftover(v.SnapshotOf is null ? "volume" : "snapshot", v.Id, v.Name, v.ProjectId, v.SnapshotOf is null ? v.UpdatedAt ?? v.CreatedAt : v.CreatedAt, "volume.gigabytes", v.SizeGib));
    }
}
