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
            await Heap.Of("volume", volumes.Where(v => v.SnapshotOf == null && v.RecycledAt == null).Select(v => new Thing(v.Id, v.Name, v.ProjectId)), new Ending("cinder", "POST", "/volumes/{id}/action", """{"os-force_delete":{}}""")),
            await Heap.Of("snapshot", volumes.Where(v => v.SnapshotOf != null).Select(v => new Thing(v.Id, v.Name, v.ProjectId)), new Ending("cinder", "DELETE", "/snapshots/{id}")),
            await Heap.Of("backup", db.Backups.Where(b => !b.Gone && (user != null ? b.UserId == user : projects.Contains(b.ProjectId))).OrderBy(b => b.Id).Select(b => new Thing(b.Id, b.Name, b.ProjectId)), new Ending("cinder", "DELETE", "/backups/{id}")),
            await Heap.Of("volume_group_snapshot", db.GroupSnapshots.Where(g => !g.Gone && (user != null ? g.UserId == user : projects.Contains(g.ProjectId))).OrderBy(g => g.Id).Select(g => new Thing(g.Id, g.Name, g.ProjectId)), new Ending("cinder", "DELETE", "/group_snapshots/{id}", Version: "3.14")),
            await Heap.Of("volume_group", db.Groups.Where(g => !g.Gone && (user != null ? g.UserId == user : projects.Contains(g.ProjectId))).OrderBy(g => g.Id).Select(g => new Thing(g.Id, g.Name, g.ProjectId)), new Ending("cinder", "POST", "/groups/{id}/action", """{"delete":{"delete-volumes":true}}""", "3.13")),
        ];
    }
}
