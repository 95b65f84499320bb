using Microsoft.EntityFrameworkCore;
using Xiangyun.Store;
using Xiangyun.Store.Belongings;

namespace Xiangyun.Volume.Limits;

internal sealed class VolumeBelongings : IBelongings
{
    public async Task<IReadOnlyList<Belongings>> Of(Query q, Owner owner)
    {
        var (user, projects, db) = (owner.UserId, owner.ProjectIds ?? [], q.Db<VolumeDb>());
        var volumes = db.Volumes.Where(v => !v.Gone && v.ProjectId != "" && (user != null ? v.UserId == user : projects.Contains(v.ProjectId))).OrderBy(v => v.Id);
        return
        [
            await Heap.Of("volume", volumes.Where(v => v.SnapshotOf == null).Select(v => new Thing(v.Id, v.Name, v.ProjectId))),
            await Heap.Of("snapshot", volumes.Where(v => v.SnapshotOf != null).Select(v => new Thing(v.Id, v.Name, v.ProjectId))),
            await Heap.Of("backup", db.Backups.Where(b => !b.Gone && (user != null ? b.UserId == user : projects.Contains(b.ProjectId))).OrderBy(b => b.Id).Select(b => new Thing(b.Id, b.Name, b.ProjectId))),
        ];
    }
}
